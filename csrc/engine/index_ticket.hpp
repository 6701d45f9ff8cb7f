// Indices of many sources at once, on the I/O threads. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "engine/index_cache.hpp"
#include "engine/ticket.hpp"
#include "index/frame_index.hpp"
#include "indexing/index_builder.hpp"
#include "media/source.hpp"

namespace kf::engine {

using IndexResult = std::variant<std::shared_ptr<const index::FrameIndex>, base::Error>;

class IndexTicket final : public Ticket, public std::enable_shared_from_this<IndexTicket> {
public:
    IndexTicket(std::vector<media::SourceSpec> sources, indexing::IndexOptions options,
                std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io, std::shared_ptr<IndexCache> cache);
    void start();

    /// One for each source, in their order; what was not reached is an Error (timeout, cancelled). Call it when the ticket
    /// is over.
    [[nodiscard]] std::vector<IndexResult> result();

private:
    void index_one(std::size_t number) noexcept;
    [[nodiscard]] std::shared_ptr<const index::FrameIndex> find_or_build(const media::SourceSpec& spec);

    const std::vector<media::SourceSpec> sources_;
    const indexing::IndexOptions options_;
    const std::shared_ptr<IndexCache> cache_;
    std::vector<std::optional<IndexResult>> results_;
    std::size_t pending_;
};

}  // namespace kf::engine
