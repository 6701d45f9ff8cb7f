// Where bytes come from: a local file, a part of one, or memory. `SourceSpec` is the plain description that is copied and
// pickled; `Source` is the opened thing. Reads name their offset, so a Source may be read from several threads at once and
// there is no file offset that a fork could share. Only local files are ever opened. This is the one place that knows the
// system's file calls.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace kf::media {

struct SourceSpec {
    std::string path;                                        ///< empty for memory
    std::int64_t offset = 0;                                 ///< where the video begins in the file
    std::int64_t size = -1;                                  ///< -1: to the end of the file
    std::shared_ptr<const std::vector<std::uint8_t>> bytes;  ///< memory, shared and never changed

    /// For messages: the path, the path with its range, or "<N bytes in memory>".
    [[nodiscard]] std::string name() const;
    friend bool operator==(const SourceSpec&, const SourceSpec&) = default;
};

/// What fstat says of the descriptor that is read: two equal identities hold the same bytes. Memory has none.
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
    /// Fills `into` from `offset`; returns the bytes there were, fewer only at the end. Throws Failure (open, read).
    [[nodiscard]] virtual std::size_t read_at(std::int64_t offset, std::span<std::uint8_t> into) const = 0;
    /// Tells the system that this range is wanted soon.
    virtual void advise(std::int64_t offset, std::int64_t size) const noexcept = 0;
    /// Null where nothing identifies the bytes.
    [[nodiscard]] virtual const SourceIdentity* identity() const noexcept = 0;
};

/// Throws Failure (open, open).
[[nodiscard]] std::unique_ptr<Source> open_source(const SourceSpec& spec);

}  // namespace kf::media
