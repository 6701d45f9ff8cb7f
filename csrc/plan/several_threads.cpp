#include "plan/several_threads.hpp"

#include "bitstream/nal_units.hpp"

namespace kf::plan {

using bitstream::Codec;

SeveralThreads::SeveralThreads(const index::FrameIndex& index) noexcept
    : index_(index), codec_(bitstream::codec_of(index.codec)) {
    if (codec_ == Codec::h264) sets_.read_record(index.extradata, index.nal_length_size);
}

void SeveralThreads::read(std::span<const std::uint8_t> parameter_sets, std::span<const std::uint8_t> bytes) noexcept {
    if (codec_ != Codec::h264 && codec_ != Codec::hevc) return;
    several_slices_ = several_slices_ || bitstream::count_slices(codec_, bytes, index_.nal_length_size) > 1;
    if (codec_ != Codec::h264) return;
    (void)sets_.read_packet(parameter_sets, index_.nal_length_size);
    (void)sets_.read_packet(bytes, index_.nal_length_size);
}

}  // namespace kf::plan
