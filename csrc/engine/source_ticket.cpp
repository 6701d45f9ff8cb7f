#include "engine/source_ticket.hpp"

#include <new>
#include <utility>

#include "base/allocations.hpp"

namespace kf::engine {

using base::Error;
using base::ErrorCode;
using base::Stage;

template <class Value>
SourceTicket<Value>::SourceTicket(std::vector<media::SourceSpec> sources, Work work, int at_once,
                                  std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io)
    : Ticket(timeout, std::move(io), at_once), sources_(std::move(sources)), work_(std::move(work)),
      results_(sources_.size()), pending_(sources_.size()) {}

template <class Value>
void SourceTicket<Value>::start() {
    if (sources_.empty()) finish();
    try {
        for (std::size_t i = 0; i < sources_.size(); ++i)
            io_->submit(reading_, 0, [self = this->shared_from_this(), i] { self->work_on(i); });
    } catch (...) {
        give_up(base::current_error(Stage::index, "reading cannot begin"));
    }
}

template <class Value>
void SourceTicket<Value>::work_on(std::size_t number) noexcept {
    if (why_stopped() != Stop::none) return;
    const std::int64_t failed_before = base::failed_allocations();
    Result result;
    try {
        result = work_(sources_[number], [this] { return stopped(); });
    } catch (...) {
        result = base::current_error(Stage::index, "the container cannot be read");
    }
    // Without memory libavformat may only seem to meet the end of a table.
    if (base::failed_allocations() != failed_before) result = base::out_of_memory(Stage::index);
    if (auto* error = std::get_if<Error>(&result); error != nullptr && error->code == ErrorCode::resources) {
        try {
            error->path = sources_[number].name();
        } catch (const std::bad_alloc&) {
            error->path.clear();  // the message does without
        }
        return give_up(std::move(*error));
    }
    bool last = false;
    {
        const std::scoped_lock lock(mutex_);
        results_[number] = std::move(result);
        last = --pending_ == 0;
    }
    if (last) finish();
}

template <class Value>
std::vector<typename SourceTicket<Value>::Result> SourceTicket<Value>::result() {
    const std::scoped_lock lock(mutex_);
    throw_if_gave_up();
    const bool timed_out = why_stopped() == Stop::timed_out;
    std::vector<Result> results;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        const std::optional<Result>& found = results_[i];
        const Error* error = found ? std::get_if<Error>(&*found) : nullptr;
        if (found && (error == nullptr || error->code != ErrorCode::cancelled)) {
            results.push_back(*found);
            if (auto* failed = std::get_if<Error>(&results.back())) failed->path = sources_[i].name();
            continue;
        }
        results.emplace_back(
            Error{timed_out ? ErrorCode::timeout : ErrorCode::cancelled,
                  Stage::index,
                  sources_[i].name(),
                  -1,
                  timed_out ? "the time limit ran out while the container was read" : "reading the container was cancelled",
                  {}});
    }
    return results;
}

template class SourceTicket<std::shared_ptr<const index::FrameIndex>>;
template class SourceTicket<media::ContainerFacts>;

}  // namespace kf::engine
