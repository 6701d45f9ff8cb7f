#include "plan/used_decoders.hpp"

#include "bitstream/h264_headers.hpp"
#include "bitstream/h264_packet.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::plan {

using namespace bitstream;

bool suits_used_decoder(const index::FrameIndex& index, std::span<const std::uint8_t> parameter_sets,
                        std::span<const std::uint8_t> bytes) noexcept {
    return index.codec == "h264" && index.nal_length_size > 0 && leaves_no_trace(index, parameter_sets, bytes) &&
           read_h264_packet(bytes, index.nal_length_size).idr;
}

bool leaves_no_trace(const index::FrameIndex& index, std::span<const std::uint8_t> parameter_sets,
                     std::span<const std::uint8_t> bytes) noexcept {
    bool traceless = parameter_sets.empty();
    for_each_nal(bytes, index.nal_length_size, [&traceless](base::Bytes nal, bool whole) {
        const unsigned type = nal.empty() ? 0 : h264_nal_type(nal);
        const bool known = type == h264_slice || type == h264_idr_slice || type == h264_sei ||
                           type == h264_access_unit_delimiter || type == h264_filler_data;
        traceless = traceless && known && whole;
    });
    return traceless;
}

}  // namespace kf::plan
