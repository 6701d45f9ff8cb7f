#include "media/source_io.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>

#include "base/error.hpp"

namespace kf::media {
namespace {

constexpr int buffer_size = 64 * 1024;

}  // namespace

SourceIo::SourceIo(const Source& source) : source_(source) {
    auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
    if (buffer == nullptr) throw std::bad_alloc();
    context_ = avio_alloc_context(buffer, buffer_size, 0, this, &SourceIo::read, nullptr, &SourceIo::seek);
    if (context_ == nullptr) {
        av_free(buffer);
        throw std::bad_alloc();
    }
}

SourceIo::~SourceIo() {
    av_freep(static_cast<void*>(&context_->buffer));  // FFmpeg may have replaced the buffer that it was given
    avio_context_free(&context_);
}

void SourceIo::skip(std::vector<Range> ranges) {
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
    skipped_.clear();
    for (const Range& range : ranges) {
        if (!skipped_.empty() && range.begin <= skipped_.back().end) {
            skipped_.back().end = std::max(skipped_.back().end, range.end);
        } else {
            skipped_.push_back(range);
        }
    }
}

int SourceIo::read(void* opaque, std::uint8_t* into, int size) noexcept {
    auto& self = *static_cast<SourceIo*>(opaque);
    try {
        return self.read_some({into, static_cast<std::size_t>(std::max(size, 0))});
    } catch (const base::Failure& failure) {
        self.failure_ = failure.error().what + ": " + failure.error().detail;
    } catch (...) {
        self.failure_ = "out of memory";
    }
    return AVERROR(EIO);
}

int SourceIo::read_some(std::span<std::uint8_t> into) {
    const std::int64_t left = source_.size() - position_;
    if (left <= 0 || into.empty()) return AVERROR_EOF;
    const std::int64_t end = position_ + std::min<std::int64_t>(left, static_cast<std::int64_t>(into.size()));
    auto range = std::upper_bound(skipped_.begin(), skipped_.end(), position_,
                                  [](std::int64_t at, const Range& skipped) { return at < skipped.end; });
    std::size_t done = 0;
    while (position_ < end) {
        const bool inside = range != skipped_.end() && position_ >= range->begin;
        const std::int64_t next = range == skipped_.end() ? end : std::min(end, inside ? range->end : range->begin);
        const auto part = into.subspan(done, static_cast<std::size_t>(next - position_));
        if (inside) {
            std::memset(part.data(), 0, part.size());
            ++range;
        } else {
            const auto most = static_cast<std::int64_t>(part.size());
            const std::int64_t at_hand = std::max<std::int64_t>(source_.at_hand(position_, most), 1);
            const std::size_t got = source_.read_at(position_, part.first(static_cast<std::size_t>(at_hand)));
            if (got < part.size()) {  // the rest is not at hand, or the file has been truncated since it was opened
                position_ += static_cast<std::int64_t>(got);
                done += got;
                break;
            }
        }
        done += part.size();
        position_ = next;
    }
    return done == 0 ? AVERROR_EOF : static_cast<int>(done);
}

std::int64_t SourceIo::seek(void* opaque, std::int64_t offset, int whence) noexcept {
    auto& self = *static_cast<SourceIo*>(opaque);
    switch (whence & ~AVSEEK_FORCE) {
        case AVSEEK_SIZE: return self.source_.size();
        case SEEK_SET: break;
        case SEEK_CUR: offset += self.position_; break;
        case SEEK_END: offset += self.source_.size(); break;
        default: return AVERROR(EINVAL);
    }
    if (offset < 0) return AVERROR(EINVAL);
    return self.position_ = offset;
}

}  // namespace kf::media
