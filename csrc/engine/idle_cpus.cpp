#include "engine/idle_cpus.hpp"

#include <algorithm>
#include <utility>

#include "base/cpu_budget.hpp"

namespace kf::engine {
namespace {

/// To start a thread takes about 0.1 ms of CPU time, and to decode so many pixels at least ten times as long.
constexpr std::int64_t pixels_per_thread = 1'000'000;
/// A picture can be decoded as far down as the pictures that it refers to; motion vectors point a few rows ahead.
constexpr int rows_per_thread = 32;

int idle(int cpus, const RunLoad& load) noexcept {
    return cpus - load.runs - load.helpers;
}

}  // namespace

int threads_worth(const index::FrameIndex& index, const plan::Run& run) noexcept {
    const std::int64_t pixels = run.packets() * index.width * index.height;
    const std::int64_t worth = std::min<std::int64_t>(pixels / pixels_per_thread, index.height / rows_per_thread);
    return static_cast<int>(std::clamp<std::int64_t>(worth, 1, base::max_threads));
}

void IdleCpus::force(int threads) noexcept {
    const std::scoped_lock lock(mutex_);
    forced_ = threads;
}

CallShare::CallShare(std::shared_ptr<IdleCpus> cpus, std::shared_ptr<TaskLimit> limit)
    : cpus_(std::move(cpus)), limit_(std::move(limit)) {}

void CallShare::leave() noexcept {
    const std::scoped_lock lock(cpus_->mutex_);
    change({-load_.runs, -load_.without_decoder, -load_.helpers});
    left_ = true;
}

void CallShare::change(const RunLoad& by) noexcept {
    if (left_) return;
    for (RunLoad* load : {&load_, &limit_->load, &cpus_->load_}) {
        load->runs += by.runs;
        load->without_decoder += by.without_decoder;
        load->helpers += by.helpers;
    }
}

int CallShare::helpers_for_one() const noexcept {
    if (left_) return 0;
    const int helpers = std::min(idle(base::cpu_budget(), cpus_->load_), idle(limit_->max_parallel, limit_->load));
    const int waiting = std::max(1, cpus_->load_.without_decoder);
    return std::max(0, (helpers + waiting - 1) / waiting);
}

/// Threads of a decoder wait for each other, because pictures differ in size and come out in order. With one thread more
/// than CPUs, no CPU waits. Where the caller allows fewer threads than there are CPUs, that thread would be one too many.
int CallShare::spare_threads() const noexcept {
    return limit_->max_parallel < base::cpu_budget() ? 0 : 1;
}

RunShare::RunShare(std::shared_ptr<CallShare> call) : call_(std::move(call)) {
    const std::scoped_lock lock(call_->cpus_->mutex_);
    call_->change({1, 1, 0});
}

RunShare::~RunShare() {
    const std::scoped_lock lock(call_->cpus_->mutex_);
    call_->change({-1, opened_ ? 0 : -1, -helpers_});
}

int RunShare::open_decoder(int worth) noexcept {
    const std::scoped_lock lock(call_->cpus_->mutex_);
    if (opened_) return 1;
    const int forced = call_->cpus_->forced_;
    const int helpers = forced > 0 ? forced - 1 : std::min(call_->helpers_for_one(), worth - 1);
    have(helpers);
    if (forced > 0 || helpers == 0) return 1 + helpers;
    return std::min(worth, 1 + helpers + call_->spare_threads());
}

void RunShare::work_alone() noexcept {
    const std::scoped_lock lock(call_->cpus_->mutex_);
    have(0);
}

/// With the lock held.
void RunShare::have(int helpers) noexcept {
    call_->change({0, opened_ ? 0 : -1, helpers - helpers_});
    opened_ = true;
    helpers_ = helpers;
}

}  // namespace kf::engine
