// Signs of damage that a run's packets show and that decoders do not report, or report where there is none: holes in slices,
// and H.264 frame_num that skips a reference (ITU-T H.264, 7.4.3). It follows the packets that one decoder is sent. One
// owner, one thread at a time; it never decodes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "bitstream/codec.hpp"
#include "bitstream/h264_loss.hpp"
#include "index/frame_index.hpp"

namespace kf::plan {

class DamageSigns {
public:
    explicit DamageSigns(const index::FrameIndex& index) : index_(index), codec_(bitstream::codec_of(index.codec)) {}

    /// A new decoder begins at the run's entry.
    void begin();
    /// A leading picture of the entry is not sent: the frame_num of the next packet may skip it.
    void leave_out_leading() noexcept { expect_frame_num_gap_ = true; }

    struct Signs {
        bool hole = false;            ///< a slice holds three zeros in a row, which no NAL unit may; decoders may read on
        bool lost_reference = false;  ///< frame_num skips a reference
    };
    /// The next packet that is sent, and the parameter sets in front of it.
    [[nodiscard]] Signs read(std::span<const std::uint8_t> parameter_sets, std::span<const std::uint8_t> bytes) noexcept;
    /// Whether a gap of frame_num that libavcodec reports at this packet means that a reference is lost.
    [[nodiscard]] bool gap_is_damage() const noexcept { return !gap_expected_ && loss_ && !loss_->allows_gaps(); }

private:
    const index::FrameIndex& index_;
    const bitstream::Codec codec_;
    std::optional<bitstream::H264Loss> loss_;  // of H.264 only
    bool expect_frame_num_gap_ = true;         // at the next packet
    bool gap_expected_ = true;                 // at the last one
};

}  // namespace kf::plan
