// The order of the two fields of a picture, which libavcodec's parsers tell and its decoders do not. Owns a parser. One
// owner, one thread at a time; it decodes nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "index/frame_index.hpp"

namespace kf::media {

class FieldOrderParser {
public:
    /// For the stream of an index, whose container may have told the order. Throws std::bad_alloc.
    explicit FieldOrderParser(const index::FrameIndex& index);
    ~FieldOrderParser();
    FieldOrderParser(const FieldOrderParser&) = delete;
    FieldOrderParser& operator=(const FieldOrderParser&) = delete;

    /// Reads the headers of a packet, `head` and `bytes` as one. Packets come in decode order.
    void read(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head);
    /// FFmpeg's number: the container's, or that of the first packet that told it; 0 where none did.
    [[nodiscard]] std::int32_t order() const noexcept;
    /// Whether the next packet may tell the order, because the last one holds one field of a picture.
    [[nodiscard]] bool needs_second_field() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kf::media
