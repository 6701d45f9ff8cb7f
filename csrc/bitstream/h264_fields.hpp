// Follows the pictures of an H.264 stream in coded order: which fields make a frame together, and how pictures compare by
// presentation. Pure; any thread, one owner.
#pragma once

#include <cstdint>
#include <optional>

#include "bitstream/h264_headers.hpp"
#include "bitstream/poc.hpp"

namespace kf::bitstream {

class H264Fields {
public:
    /// What the pictures of a packet are, given the packets before it.
    enum class Pairing : std::uint8_t {
        whole,         ///< one frame, or both fields of one frame
        first_field,   ///< one field; the other field of its frame should come in the next packet
        second_field,  ///< the field that completes the frame of the packet before
        unclear,       ///< headers that cannot be read, more than one frame, or fields that do not match
    };

    [[nodiscard]] Pairing read(const H264Pictures& packet) noexcept;
    /// Whether the last packet is a first field.
    [[nodiscard]] bool waits() const noexcept { return waiting_.has_value(); }
    /// Whether the packet before the last one is a first field and the last one is not its second field.
    [[nodiscard]] bool lacks_second_field() const noexcept { return lacks_second_field_; }
    /// Compares the first picture of the last packet with others by presentation; nothing where its header does not say.
    [[nodiscard]] std::optional<std::int64_t> order() const noexcept { return order_; }

private:
    void follow_poc(const H264Pictures& packet) noexcept;
    [[nodiscard]] bool is_near_first_field() noexcept;

    PocUnwrapper poc_;
    std::optional<H264Picture> waiting_;  // the first field of a frame whose second field has not come
    std::optional<std::int64_t> order_;
    std::optional<std::int64_t> order_before_;    // of the packet before the last one
    std::optional<std::int64_t> field_distance_;  // of the two fields of the first frame in fields
    bool lacks_second_field_ = false;
};

}  // namespace kf::bitstream
