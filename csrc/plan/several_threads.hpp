// Whether several threads decode a run as one thread does, even where its packets hold damage that nobody reports. The frame
// threads of libavcodec let a picture refer to the parts of another picture that are said to be decoded. So they differ from
// one thread where a part is decoded twice, and where what libavcodec notices depends on the picture before:
//   1. H.264 and HEVC pictures of several slices. The address in a damaged slice header may let a slice overwrite another
//      one while a second thread already refers to that one.
//   2. H.264 streams that may hold fields. Whether libavcodec notices that a slice of a field is missing depends on the
//      frame that the same thread decoded before.
// One owner, one thread at a time; it never decodes.
#pragma once

#include <cstdint>
#include <span>

#include "bitstream/codec.hpp"
#include "bitstream/h264_headers.hpp"
#include "index/frame_index.hpp"

namespace kf::plan {

class SeveralThreads {
public:
    explicit SeveralThreads(const index::FrameIndex& index) noexcept;

    /// The next packet that is sent, and the parameter sets in front of it.
    void read(std::span<const std::uint8_t> parameter_sets, std::span<const std::uint8_t> bytes) noexcept;
    /// Of what was read so far.
    [[nodiscard]] bool suit() const noexcept { return !several_slices_ && sets_.frames_only(); }

private:
    const index::FrameIndex& index_;
    const bitstream::Codec codec_;
    bitstream::H264ParameterSets sets_;
    bool several_slices_ = false;
};

}  // namespace kf::plan
