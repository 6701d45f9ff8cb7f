// The engine of one process: it owns the workers, the I/O threads, the buffers and the caches of indices and of held runs.
// `current` makes it on first use; a forked child makes its own. It is never destroyed. Any thread. No thread of the engine
// calls Python.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/buffer_pool.hpp"
#include "engine/decode_ticket.hpp"
#include "engine/held_runs.hpp"
#include "engine/idle_cpus.hpp"
#include "engine/index_cache.hpp"
#include "engine/source_ticket.hpp"
#include "indexing/index_builder.hpp"

namespace kf::engine {

class Engine {
public:
    [[nodiscard]] static std::shared_ptr<Engine> current();

    Engine();

    /// The frame index of every source, from the cache where it is known.
    [[nodiscard]] std::shared_ptr<IndexTicket> submit_index(std::vector<media::SourceSpec> sources,
                                                            const indexing::IndexOptions& options,
                                                            std::optional<Clock::duration> timeout);
    /// What the container of one source holds.
    [[nodiscard]] std::shared_ptr<FactsTicket> submit_facts(media::SourceSpec source,
                                                            std::optional<Clock::duration> timeout);
    /// threads: how many runs are decoded at once, of this ticket or of all tickets that share the limit, together with the
    /// threads that help inside their decoders. The output must stay valid until the ticket is over. Throws Failure (range).
    [[nodiscard]] std::shared_ptr<DecodeTicket> submit_decode(DecodeRequest request,
                                                              const std::shared_ptr<TaskLimit>& threads);

    /// At most so many threads read from now on. For tests.
    void limit_io_threads(int threads) { io_->limit_to(threads); }

    [[nodiscard]] base::BufferPool& buffers() noexcept { return *buffers_; }
    [[nodiscard]] IdleCpus& idle_cpus() noexcept { return *idle_cpus_; }

private:
    friend struct ForkHandlers;
    std::shared_ptr<ForkGate> gate_;
    std::shared_ptr<ThreadPool> workers_;
    std::shared_ptr<ThreadPool> io_;  // its threads visit the workers
    std::shared_ptr<base::BufferPool> buffers_;
    std::shared_ptr<IndexCache> indices_;
    std::shared_ptr<IdleCpus> idle_cpus_;
    std::shared_ptr<HeldRuns> held_runs_;
};

}  // namespace kf::engine
