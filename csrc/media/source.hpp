// Where bytes come from: a local file, a part of a file, memory, or pieces of an object in a store (pieces.hpp).
// `SourceSpec` is the description, a plain value; `Source` is the opened file or memory and owns its descriptor. Any thread,
// also several at once: every read names its offset, so that no file offset is shared between threads or with a forked
// process. It never opens anything but local regular files. All calls of the system for files are here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace kf::media {

class Pieces;

struct SourceSpec {
    std::string path;                          ///< empty for memory and pieces
    std::int64_t offset = 0;                   ///< where the video begins in the file
    std::int64_t size = -1;                    ///< -1: to the end of the file
    std::shared_ptr<const base::Bytes> bytes;  ///< memory, shared and never changed; null for a file
    std::shared_ptr<Pieces> pieces;            ///< of an object in a store; null for a file and memory

    /// For messages: the path, the path with its range, or "<N bytes in memory>".
    [[nodiscard]] std::string name() const;
    friend bool operator==(const SourceSpec&, const SourceSpec&) = default;
};

/// Memory for a SourceSpec, and the owner of the bytes.
[[nodiscard]] std::shared_ptr<const base::Bytes> in_memory(std::vector<std::uint8_t> bytes);

/// What fstat says of the descriptor that is read. Sources of equal identity hold the same bytes. Memory has no identity.
struct SourceIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t file_size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    std::int64_t offset = 0;
    std::int64_t size = 0;
    friend auto operator<=>(const SourceIdentity&, const SourceIdentity&) = default;
};

class Source {
public:
    Source() = default;
    virtual ~Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    [[nodiscard]] virtual std::int64_t size() const noexcept = 0;
    /// Fills `into` with the bytes at `offset` and returns how many there were: fewer only where the source ends. Throws
    /// Failure (open, resources; Stage::read).
    [[nodiscard]] virtual std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const = 0;
    /// Tells the system that this range will be read soon.
    virtual void advise(std::int64_t offset, std::int64_t size) const noexcept = 0;
    /// How many bytes from this offset on a read may ask for, at most `most`; 0 where they would have to be fetched.
    [[nodiscard]] virtual std::int64_t at_hand(std::int64_t /*offset*/, std::int64_t most) const noexcept { return most; }
    /// Says that this range will be read, to a source whose bytes somebody else has to fetch.
    virtual void expect(std::int64_t /*offset*/, std::int64_t /*size*/) const noexcept {}
    /// Null for memory and pieces.
    [[nodiscard]] virtual const SourceIdentity* identity() const noexcept = 0;
};

/// Throws Failure (open, resources; Stage::open).
[[nodiscard]] std::unique_ptr<Source> open_source(const SourceSpec& spec);

}  // namespace kf::media
