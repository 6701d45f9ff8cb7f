#include "engine/run_bytes.hpp"

#include <utility>

#include "base/error.hpp"
#include "indexing/packet_fetch.hpp"

namespace kf::engine {

using base::ErrorCode;
using base::Failure;
using base::Stage;
using plan::ByteRange;

void RunBytes::read(const media::Source& source, plan::Chunk chunk, base::BufferPool& buffers, DecodeStats& stats) {
    clear();
    chunk_ = std::move(chunk);
    auto buffer = buffers.acquire(static_cast<std::size_t>(chunk_.bytes));
    for (const ByteRange& range : chunk_.ranges) {
        const auto part =
            buffer->bytes().subspan(static_cast<std::size_t>(range.place), static_cast<std::size_t>(range.size));
        const std::size_t got = source.read_at(range.position, part);
        stats.bytes_read += static_cast<std::int64_t>(got);
        if (got < part.size()) throw Failure(ErrorCode::corrupt, Stage::read, "the file was cut short while it was read");
    }
    read_demuxed(source);
    buffer_ = std::move(buffer);
}

void RunBytes::read_demuxed(const media::Source& source) {
    std::vector<std::int32_t> ordinals;
    for (std::int32_t ordinal = chunk_.first; ordinal <= chunk_.last; ++ordinal) {
        if (!index_.packets[static_cast<std::size_t>(ordinal)].direct) ordinals.push_back(ordinal);
    }
    if (ordinals.empty()) return;
    auto packets = indexing::read_with_demuxer(source, index_, ordinals);
    demuxed_.resize(static_cast<std::size_t>(chunk_.last - chunk_.first) + 1);
    for (std::size_t i = 0; i < ordinals.size(); ++i)
        demuxed_[static_cast<std::size_t>(ordinals[i] - chunk_.first)] = std::move(packets[i]);
}

void RunBytes::clear() noexcept {
    buffer_.reset();
    demuxed_.clear();
}

std::span<const std::uint8_t> RunBytes::of(std::int32_t ordinal) const noexcept {
    const index::PacketEntry& packet = index_.packets[static_cast<std::size_t>(ordinal)];
    if (!packet.direct) return demuxed_[static_cast<std::size_t>(ordinal - chunk_.first)];
    const std::int64_t place = chunk_.place_of(packet);
    return buffer_->bytes().subspan(static_cast<std::size_t>(place), static_cast<std::size_t>(packet.size));
}

std::int64_t RunBytes::size() const noexcept {
    auto bytes = buffer_ ? static_cast<std::int64_t>(buffer_->bytes().size()) : 0;
    for (const auto& packet : demuxed_) bytes += static_cast<std::int64_t>(packet.size());
    return bytes;
}

}  // namespace kf::engine
