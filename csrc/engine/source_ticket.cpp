#include "engine/source_ticket.hpp"

#include <new>
#include <utility>

namespace kf::engine {

using base::Error;
using base::ErrorCode;
using base::Failure;
using base::Stage;

template <class Value>
SourceTicket<Value>::SourceTicket(std::vector<media::SourceSpec> sources, Work work, std::optional<Clock::duration> timeout,
                                  std::shared_ptr<ThreadPool> io)
    : Ticket(timeout, std::move(io), static_cast<int>(sources.size())), sources_(std::move(sources)), work_(std::move(work)),
      results_(sources_.size()), pending_(sources_.size()) {}

template <class Value>
void SourceTicket<Value>::start() {
    if (sources_.empty()) finish();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        io_->submit(reading_, 0, [self = this->shared_from_this(), i] { self->work_on(i); });
    }
}

template <class Value>
void SourceTicket<Value>::work_on(std::size_t number) noexcept {
    if (why_stopped() != Stop::none) return;
    Result result;
    try {
        result = work_(sources_[number], [this] { return stopped(); });
    } catch (const Failure& failure) {
        result = failure.error();
    } catch (const std::bad_alloc&) {
        result = Error{ErrorCode::unsupported, Stage::index, {}, -1, "there is not enough memory to read the container", {}};
    } catch (const std::exception& error) {
        result = Error{ErrorCode::corrupt, Stage::index, {}, -1, "the container cannot be read", error.what()};
    }
    bool last = false;
    {
        const std::scoped_lock lock(mutex_);
        if (auto* error = std::get_if<Error>(&result)) error->path = sources_[number].name();
        results_[number] = std::move(result);
        last = --pending_ == 0;
    }
    if (last) finish();
}

template <class Value>
std::vector<typename SourceTicket<Value>::Result> SourceTicket<Value>::result() {
    const std::scoped_lock lock(mutex_);
    const bool timed_out = why_stopped() == Stop::timed_out;
    std::vector<Result> results;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        const std::optional<Result>& found = results_[i];
        const Error* error = found ? std::get_if<Error>(&*found) : nullptr;
        if (found && (error == nullptr || error->code != ErrorCode::cancelled)) {
            results.push_back(*found);
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
