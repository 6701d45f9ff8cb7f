#include "engine/engine.hpp"

#include <pthread.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <utility>

#include "base/cpu_budget.hpp"
#include "engine/thread_locals.hpp"
#include "media/container_facts.hpp"
#include "media/ffmpeg_log.hpp"

namespace kf::engine {
namespace {

// A CPU decodes some 300 runs of prepared clips per second. Where each read takes 20 ms, six reads have to be under way for
// it, and as many again for files that are not indexed.
constexpr int io_threads_at_least = 4;
constexpr int io_threads_per_cpu = 16;
constexpr int io_threads_at_most = 256;
constexpr std::size_t idle_buffer_bytes = std::size_t{1} << 30;
constexpr std::size_t index_cache_bytes = std::size_t{32} << 20;  // about ten thousand Kinetics clips
constexpr HeldRuns::Limits held_run_limits{16, std::int64_t{256} << 20, std::chrono::seconds(10)};

int most_io_threads() noexcept {
    return std::min(io_threads_at_most, io_threads_at_least + io_threads_per_cpu * base::cpu_budget());
}

/// The engine of this process, and those of its parent processes. A forked child can neither use nor destroy an engine whose
/// threads were running when the process forked, so it keeps that engine aside.
struct Holder {
    std::mutex mutex;
    std::shared_ptr<Engine> engine;
    std::vector<std::shared_ptr<Engine>> inherited;
};

/// Keeps the holder from being destroyed, because threads may outlive main.
union Immortal {
    Immortal() : holder() {}
    ~Immortal() {}
    Immortal(const Immortal&) = delete;
    Immortal& operator=(const Immortal&) = delete;
    Holder holder;
};

Holder& holder() {
    static Immortal immortal;
    return immortal.holder;
}

std::shared_ptr<const index::FrameIndex> find_or_build(IndexCache& cache, const media::SourceSpec& spec,
                                                       const indexing::IndexOptions& options,
                                                       const std::function<bool()>& stopped) {
    const auto source = media::open_source(spec);
    // An index made by reading every packet may know more entries. The cache holds none of those, so that the index that a
    // call gets does not depend on whether the file was scanned before.
    const media::SourceIdentity* identity = options.read_packets ? nullptr : source->identity();
    if (identity != nullptr) {
        auto known = cache.find({*identity, options.stream});
        if (known && std::int64_t{known->width} * known->height <= options.max_pixels) return known;
    }
    auto index = std::make_shared<const index::FrameIndex>(indexing::build_index(*source, options, stopped));
    if (identity != nullptr) cache.insert({*identity, options.stream}, *index);
    return index;
}

}  // namespace

struct ForkHandlers {
    static void before() {
        holder().mutex.lock();
        if (const auto& engine = holder().engine) {
            engine->gate_->close();
            engine->buffers_->mutex().lock();
            engine->idle_cpus_->mutex().lock();
        }
    }
    static void in_parent() {
        if (const auto& engine = holder().engine) {
            engine->idle_cpus_->mutex().unlock();
            engine->buffers_->mutex().unlock();
            engine->gate_->open();
        }
        holder().mutex.unlock();
    }
    static void in_child() {
        if (const auto& engine = holder().engine) {
            engine->idle_cpus_->mutex().unlock();
            engine->buffers_->mutex().unlock();
            engine->gate_->inherit();
            holder().inherited.push_back(std::move(holder().engine));
        }
        holder().mutex.unlock();
    }
};

std::shared_ptr<Engine> Engine::current() {
    static const int registered = pthread_atfork(ForkHandlers::before, ForkHandlers::in_parent, ForkHandlers::in_child);
    (void)registered;
    (void)make_thread_locals();
    const std::scoped_lock lock(holder().mutex);
    if (!holder().engine) holder().engine = std::make_shared<Engine>();
    return holder().engine;
}

Engine::Engine()
    : gate_(std::make_shared<ForkGate>()), workers_(std::make_shared<ThreadPool>(base::cpu_budget(), gate_)),
      io_(std::make_shared<ThreadPool>(most_io_threads(), nullptr, workers_)),
      buffers_(std::make_shared<base::BufferPool>(idle_buffer_bytes)),
      indices_(std::make_shared<IndexCache>(index_cache_bytes)), idle_cpus_(std::make_shared<IdleCpus>()),
      held_runs_(std::make_shared<HeldRuns>(held_run_limits, buffers_)) {
    media::capture_ffmpeg_log();
}

std::shared_ptr<IndexTicket> Engine::submit_index(std::vector<media::SourceSpec> sources,
                                                  const indexing::IndexOptions& options,
                                                  std::optional<Clock::duration> timeout) {
    // To read all packets is the work of a scan, and takes CPU time: a few files at once.
    const int at_once =
        options.read_packets ? std::max(io_threads_at_least, base::cpu_budget()) : static_cast<int>(sources.size());
    const auto ticket = std::make_shared<IndexTicket>(
        std::move(sources),
        [cache = indices_, options](const media::SourceSpec& spec, const std::function<bool()>& stopped) {
            return find_or_build(*cache, spec, options, stopped);
        },
        at_once, timeout, io_);
    ticket->start();
    return ticket;
}

std::shared_ptr<FactsTicket> Engine::submit_facts(media::SourceSpec source, std::optional<Clock::duration> timeout) {
    const auto ticket = std::make_shared<FactsTicket>(
        std::vector{std::move(source)},
        [](const media::SourceSpec& spec, const std::function<bool()>&) {
            return media::container_facts(*media::open_source(spec));
        },
        1, timeout, io_);
    ticket->start();
    return ticket;
}

std::shared_ptr<DecodeTicket> Engine::submit_decode(DecodeRequest request, const std::shared_ptr<TaskLimit>& threads) {
    workers_->grow_to(threads->max_parallel);
    const auto ticket =
        std::make_shared<DecodeTicket>(std::move(request), threads, io_, workers_, gate_, buffers_, idle_cpus_, held_runs_);
    ticket->start();
    return ticket;
}

}  // namespace kf::engine
