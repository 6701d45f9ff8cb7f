// A copy of a decoded picture, for a call that may want it later. It is a copy so that the decoder's memory is used as if
// the picture were not kept: where a part of a damaged picture is never decoded, what was in that memory before shows
// through. One owner; it never decodes.
#pragma once

#include <cstdint>
#include <memory>

#include "base/buffer_pool.hpp"
#include "base/picture_view.hpp"

namespace kf::engine {

class KeptPicture {
public:
    /// picture_in_packet: 0 for the first picture that came out of its packet, 1 for the next. Throws std::bad_alloc.
    KeptPicture(const base::PictureView& picture, std::int32_t ordinal, std::int32_t picture_in_packet,
                base::BufferPool& buffers);

    [[nodiscard]] std::int32_t ordinal() const noexcept { return ordinal_; }
    [[nodiscard]] std::int32_t picture_in_packet() const noexcept { return picture_in_packet_; }
    [[nodiscard]] const base::PictureView& view() const noexcept { return view_; }
    [[nodiscard]] std::int64_t bytes() const noexcept { return static_cast<std::int64_t>(planes_->bytes().size()); }

private:
    std::int32_t ordinal_;
    std::int32_t picture_in_packet_;
    base::PictureView view_;
    std::shared_ptr<base::Buffer> planes_;
};

}  // namespace kf::engine
