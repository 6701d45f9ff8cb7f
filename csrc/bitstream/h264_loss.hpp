// Notices lost H.264 pictures by the numbers in slice headers. Pure; any thread, one owner.
//
//   1. frame_num counts reference pictures (ITU-T H.264, 7.4.3): a picture's frame_num is one more than that of the
//   reference
//      picture before it, modulo MaxFrameNum. An IDR picture has 0, and after memory_management_control_operation 5 the
//      count goes on from 0. The second field of a frame has the frame_num of the first.
//   2. Where as many pictures are lost as frame_num can count, frame_num goes on as if nothing was lost. But then a picture
//      order count comes again that another picture of the same sequence had. Up to the next reference picture, every
//      picture follows that loss, because no frame_num tells so.
//   3. Encoders that do not count at all are believed. A frame_num that stays is a sign only where one has not been 0; where
//      it is that of an unreferenced picture, only where one before it had the next frame_num. A picture order count that
//      comes again is a sign only where several have been different.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "bitstream/h264_headers.hpp"
#include "bitstream/poc.hpp"

namespace kf::bitstream {

/// Follows the numbers over the packets of a stream.
class H264Numbers {
public:
    void follow(const H264Pictures& packet) noexcept;
    /// Whether the numbers of the last packet do not go on from those before: a picture between them is lost that other
    /// pictures may refer to.
    [[nodiscard]] bool broken() const noexcept { return broken_; }

private:
    [[nodiscard]] bool is_second_field(const H264Picture& picture) const noexcept;
    [[nodiscard]] bool breaks_frame_num(const H264Picture& picture) noexcept;
    [[nodiscard]] bool repeats_poc(const H264Picture& picture, bool second_field) noexcept;
    void begin_sequence() noexcept;

    std::optional<H264Picture> first_field_;       // the last picture, where it is a field without its second field
    std::optional<std::uint32_t> last_reference_;  // its frame_num
    bool counts_ = false;                          // a frame_num has not been 0
    bool counts_unreferenced_ = false;             // that of other pictures is one more
    PocUnwrapper poc_;
    std::array<std::int64_t, 32> orders_{};  // of the last frames and first fields of the sequence
    std::size_t orders_seen_ = 0;            // in this sequence
    bool poc_repeated_ = false;              // since the last reference picture
    bool broken_ = false;
};

/// The same over packets with the parameter sets that come among them.
class H264Loss {
public:
    void read_record(Bytes record, int nal_length_size) noexcept { sets_.read_record(record, nal_length_size); }
    void read_packet(Bytes bytes, int nal_length_size) noexcept {
        numbers_.follow(sets_.read_packet(bytes, nal_length_size));
    }
    /// Whether a picture in front of the last packet is lost that other pictures may refer to.
    [[nodiscard]] bool follows_loss() const noexcept { return numbers_.broken() && !sets_.allows_frame_num_gaps(); }

private:
    H264ParameterSets sets_;
    H264Numbers numbers_;
};

}  // namespace kf::bitstream
