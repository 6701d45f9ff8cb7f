// Notices lost H.264 reference pictures by gaps in frame_num (ITU-T H.264, 7.4.3): frame_num counts reference pictures, so a
// picture's frame_num is that of the last reference picture or one more. Pure; any thread, one owner.
#pragma once

#include <optional>

#include "bitstream/h264_headers.hpp"

namespace kf::bitstream {

/// Follows frame_num over the packets of a stream. libavcodec also counts pictures that nothing refers to; this class does
/// not.
class FrameNumGaps {
public:
    void follow(const H264Pictures& packet) noexcept;
    /// Whether frame_num skips at least one reference picture in front of the last packet.
    [[nodiscard]] bool found() const noexcept { return found_; }
    /// The next packet may have any frame_num.
    void forget() noexcept { last_reference_.reset(); }

private:
    std::optional<std::uint32_t> last_reference_;  // its frame_num
    bool found_ = false;
};

/// The same for packets that are sent to a decoder, with the parameter sets that come among them.
class H264Loss {
public:
    void read_record(Bytes record, int nal_length_size) noexcept { sets_.read_record(record, nal_length_size); }
    void read_packet(Bytes bytes, int nal_length_size) noexcept { gaps_.follow(sets_.read_packet(bytes, nal_length_size)); }
    void forget() noexcept { gaps_.forget(); }
    /// Whether a reference picture in front of the last packet is lost.
    [[nodiscard]] bool follows_loss() const noexcept { return gaps_.found() && !allows_gaps(); }
    [[nodiscard]] bool allows_gaps() const noexcept { return sets_.allows_frame_num_gaps(); }

private:
    H264ParameterSets sets_;
    FrameNumGaps gaps_;
};

}  // namespace kf::bitstream
