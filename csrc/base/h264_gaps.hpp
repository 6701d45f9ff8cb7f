// Whether pictures that others refer to are missing before an H.264 packet, by its frame number (ITU-T H.264, 7.4.3).
// libavcodec counts on from pictures that nothing refers to as well; this does not. Pure; one owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/h264_fields.hpp"

namespace kf {

class H264Gaps {
public:
    /// record: as in the header, an avcC record or parameter sets with start codes.
    H264Gaps(std::span<const std::uint8_t> record, int nal_length_size) noexcept : nal_length_size_(nal_length_size) {
        fields_.read_record(record, nal_length_size);
    }
    /// Parameter sets that come outside of packets.
    void read_sets(std::span<const std::uint8_t> nals) noexcept { (void)fields_.read_packet(nals, nal_length_size_); }
    [[nodiscard]] bool missing_before(std::span<const std::uint8_t> packet) noexcept;
    /// The next packet may follow anything.
    void forget() noexcept { last_reference_.reset(); }
    /// Whether a sequence lets pictures be missing.
    [[nodiscard]] bool allowed() const noexcept { return fields_.allows_gaps(); }

private:
    H264Fields fields_;
    int nal_length_size_;
    std::optional<unsigned> last_reference_;  // its frame number
};

}  // namespace kf
