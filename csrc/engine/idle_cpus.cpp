#include "engine/idle_cpus.hpp"

#include <algorithm>
#include <utility>

#include "base/cpu_budget.hpp"

namespace kf::engine {
namespace {

/// To start threads takes as long as to decode so many pixels, several times over.
constexpr std::int64_t pixels_worth_threads = 4'000'000;

int idle(int cpus, const RunLoad& load) noexcept {
    return cpus - load.runs - load.helpers;
}

}  // namespace

int threads_worth(const index::FrameIndex& index, const plan::Run& run) noexcept {
    const std::int64_t pixels = run.packets() * index.width * index.height;
    return static_cast<int>(std::clamp<std::int64_t>(pixels / pixels_worth_threads, 1, base::max_threads));
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

int CallShare::helpers_for_one(int most) const noexcept {
    if (left_) return 0;
    if (cpus_->forced_ > 0) return cpus_->forced_ - 1;
    const int helpers = std::min(idle(base::cpu_budget(), cpus_->load_), idle(limit_->max_parallel, limit_->load));
    const int waiting = std::max(1, cpus_->load_.without_decoder);
    return std::clamp((helpers + waiting - 1) / waiting, 0, most);
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
    const int helpers = opened_ ? 0 : call_->helpers_for_one(worth - 1);
    call_->change({0, opened_ ? 0 : -1, helpers});
    opened_ = true;
    helpers_ += helpers;
    return 1 + helpers_;
}

void RunShare::keep(int threads) noexcept {
    const std::scoped_lock lock(call_->cpus_->mutex_);
    call_->change({0, opened_ ? 0 : -1, threads - 1 - helpers_});
    opened_ = true;
    helpers_ = threads - 1;
}

}  // namespace kf::engine
