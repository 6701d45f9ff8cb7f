#include "media/mpeg4_unpacker.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "bitstream/nal_units.hpp"

namespace kf::media {

using bitstream::find_start_code;

namespace {

using Bytes = std::span<const std::uint8_t>;

// ISO/IEC 14496-2, table 6-3.
constexpr std::uint8_t visual_object_sequence = 0xB0;
constexpr std::uint8_t user_data = 0xB2;
constexpr std::uint8_t vop = 0xB6;
constexpr std::size_t longest_empty_vop = 7;  // bytes of a VOP without a picture, start code included

/// Offset of the first start code of a kind at or after `from`, or the size.
std::size_t find_code(Bytes bytes, std::uint8_t code, std::size_t from) noexcept {
    for (std::size_t at = find_start_code(bytes, from); at + 4 < bytes.size(); at = find_start_code(bytes, at + 3)) {
        if (bytes[at + 3] == code) return at;
    }
    return bytes.size();
}

/// Whether the VOP at this offset holds a picture and may have been packed: vop_coding_type is I (00) or B (10).
bool may_be_packed(Bytes bytes, std::size_t at) noexcept {
    return at < bytes.size() && bytes.size() - at > longest_empty_vop && (bytes[at + 4] & 0x40) == 0;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// DivX and XviD write user data such as "DivX503b1393p": the version, 'b' or "Build", the build, and a 'p' if B-VOPs are
/// packed. Nothing where the text has another form.
std::optional<bool> says_packed(std::string_view text) noexcept {
    const auto skip_number = [&text] {
        const std::size_t digits =
            static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
        text.remove_prefix(digits);
        return digits > 0;
    };
    if (!text.starts_with("DivX")) return {};
    text.remove_prefix(4);
    if (!skip_number()) return {};
    const std::size_t word = text.starts_with("Build") ? 5 : text.starts_with('b') ? 1 : 0;
    text.remove_prefix(word);
    if (word == 0 || !skip_number()) return {};
    return text.starts_with('p');
}

}  // namespace

void Mpeg4Unpacker::note_user_data(Bytes bytes) {
    for (std::size_t at = find_code(bytes, user_data, 0); at < bytes.size(); at = find_code(bytes, user_data, at + 4)) {
        const Bytes text = bytes.subspan(at + 4);
        packed_ = says_packed({reinterpret_cast<const char*>(text.data()), text.size()}).value_or(packed_);
    }
}

void Mpeg4Unpacker::hold(Bytes bytes, std::int64_t position) {
    held_.assign(bytes.begin(), bytes.end());
    held_position_ = position;
}

Mpeg4Unpacker::Piece Mpeg4Unpacker::take(Bytes packet, std::int64_t position) {
    if (!held_.empty()) {
        const std::size_t code = find_start_code(packet, 0);
        const bool begins_sequence = code + 3 < packet.size() && packet[code + 3] == visual_object_sequence;
        given_ = std::exchange(held_, {});
        if (!begins_sequence) {
            const Piece piece{given_, held_position_};
            if (may_be_packed(packet, find_code(packet, vop, 0)))
                hold(packet, position);  // this packet's place is taken too
            return piece;
        }
    }
    note_user_data(packet);
    const std::size_t first = find_code(packet, vop, 0);
    const std::size_t second = first < packet.size() ? find_code(packet, vop, first + 4) : packet.size();
    if (!packed_ || !may_be_packed(packet, second)) return {packet, position};
    hold(packet.subspan(second), position >= 0 ? position + static_cast<std::int64_t>(second) : -1);
    return {packet.first(second), position};
}

}  // namespace kf::media
