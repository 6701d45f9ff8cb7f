// Signs of damage that packets show by themselves and that decoders do not report, or not always: holes in slices, and H.264
// pictures that are lost. It follows all packets of a run, whether they are sent to the decoder or not, so that what it
// finds does not depend on which frames are wanted. One owner, one thread at a time; it never decodes.
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

    /// The run begins anew at its entry.
    void begin();
    /// The next packet of the run, and the parameter sets that a decoder is given in front of it. True where a picture
    /// between this packet and the one before is lost that other pictures may refer to.
    [[nodiscard]] bool follows_loss(std::span<const std::uint8_t> parameter_sets,
                                    std::span<const std::uint8_t> bytes) noexcept;
    /// Whether a slice of a packet holds three zeros in a row, which no NAL unit may; decoders may read on.
    [[nodiscard]] bool has_hole(std::span<const std::uint8_t> bytes) const noexcept;

private:
    const index::FrameIndex& index_;
    const bitstream::Codec codec_;
    std::optional<bitstream::H264Loss> loss_;  // of H.264 only
};

}  // namespace kf::plan
