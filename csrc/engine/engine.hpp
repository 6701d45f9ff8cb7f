// The engine of one process: its workers, I/O threads, buffers and cache of indices. `current` makes it on first use; a
// forked child gets its own. Any thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/buffer_pool.hpp"
#include "engine/decode_ticket.hpp"
#include "engine/index_cache.hpp"
#include "engine/source_ticket.hpp"
#include "indexing/index_builder.hpp"

namespace kf::engine {

class Engine {
public:
    [[nodiscard]] static std::shared_ptr<Engine> current();

    Engine();

    [[nodiscard]] std::shared_ptr<IndexTicket> submit_index(std::vector<media::SourceSpec> sources,
                                                            const indexing::IndexOptions& options,
                                                            std::optional<Clock::duration> timeout);
    /// What the container of one source holds.
    [[nodiscard]] std::shared_ptr<FactsTicket> submit_facts(media::SourceSpec source,
                                                            std::optional<Clock::duration> timeout);
    /// threads: runs decoded at once, of this ticket or of all that share the limit. Throws Failure (range). The output must
    /// stay until the ticket is over.
    [[nodiscard]] std::shared_ptr<DecodeTicket> submit_decode(DecodeRequest request,
                                                              const std::shared_ptr<TaskLimit>& threads);

    [[nodiscard]] base::BufferPool& buffers() noexcept { return *buffers_; }

private:
    friend struct ForkHandlers;
    std::shared_ptr<ForkGate> gate_;
    std::shared_ptr<ThreadPool> io_;
    std::shared_ptr<ThreadPool> workers_;
    std::shared_ptr<base::BufferPool> buffers_;
    std::shared_ptr<IndexCache> indices_;
};

}  // namespace kf::engine
