// Opens a container with libavformat. The input that is given out reads through a SourceIo of its owner, which must outlive
// the input. One thread at a time; blocks on the source's reads. It never opens another file or the network. Only media
// includes this.
#pragma once

#include "media/handles.hpp"
#include "media/source.hpp"
#include "media/source_io.hpp"

namespace kf::media {

/// The container of a source, by its first bytes. Throws Failure (not_video, unsupported, corrupt).
[[nodiscard]] const AVInputFormat& recognise(const Source& source, SourceIo& io);

/// flags: AVFMT_FLAG_..., in addition to FFmpeg's own. Throws Failure (corrupt; open where the source cannot be read).
[[nodiscard]] InputHandle open_input(SourceIo& io, const AVInputFormat& format, int flags);

/// Whether a stream holds pictures that are a video: a cover picture is not one.
[[nodiscard]] bool is_picture_stream(const AVStream& stream) noexcept;

}  // namespace kf::media
