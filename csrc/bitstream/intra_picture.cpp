#include "bitstream/intra_picture.hpp"

#include "bitstream/bit_reader.hpp"

namespace kf::bitstream {

bool is_msmpeg4_intra(Bytes bytes, bool start_code) noexcept {
    BitReader reader(bytes);
    if (start_code) {
        if (reader.bits(32) != 0x100) return false;
        reader.skip(5);  // frame number
    }
    return reader.bits(2) == 0 && !reader.past_end();
}

bool is_wmv2_intra(Bytes bytes) noexcept {
    return !bytes.empty() && (bytes[0] & 0x80) == 0;
}

bool is_h263_intra(Bytes bytes) noexcept {
    constexpr unsigned extended_ptype = 7;
    BitReader reader(bytes);
    if (reader.bits(22) != 0x20) return false;  // PSC
    reader.skip(8);                             // TR
    if (reader.bits(2) != 2) return false;      // PTYPE, bits 1 and 2
    reader.skip(3);
    if (reader.bits(3) != extended_ptype) return reader.bit() == 0 && !reader.past_end();
    if (reader.bits(3) != 1) return false;  // UFEP 0: PLUSPTYPE leaves out the optional part
    reader.skip(18);                        // OPPTYPE
    return reader.bits(3) == 0 && !reader.past_end();
}

bool is_flv1_intra(Bytes bytes) noexcept {
    BitReader reader(bytes);
    if (reader.bits(17) != 1) return false;
    reader.skip(5 + 8);  // format, TR
    const unsigned size = reader.bits(3);
    reader.skip(size == 0 ? 16 : size == 1 ? 32 : 0);
    return reader.bits(2) == 0 && !reader.past_end();
}

}  // namespace kf::bitstream
