#include "engine/index_ticket.hpp"

#include <new>
#include <utility>

namespace kf::engine {

using base::Error;
using base::ErrorCode;
using base::Failure;
using base::Stage;

IndexTicket::IndexTicket(std::vector<media::SourceSpec> sources, indexing::IndexOptions options,
                         std::optional<Clock::duration> timeout, std::shared_ptr<ThreadPool> io,
                         std::shared_ptr<IndexCache> cache)
    : Ticket(timeout, std::move(io), static_cast<int>(sources.size())), sources_(std::move(sources)), options_(options),
      cache_(std::move(cache)), results_(sources_.size()), pending_(sources_.size()) {}

void IndexTicket::start() {
    if (sources_.empty()) finish();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        io_->submit(reading_, 0, [self = shared_from_this(), i] { self->index_one(i); });
    }
}

std::shared_ptr<const index::FrameIndex> IndexTicket::find_or_build(const media::SourceSpec& spec) {
    const auto source = media::open_source(spec);
    // An index made by reading every packet may know more entries; what a call is told must not depend on a scan before it.
    const media::SourceIdentity* identity = options_.read_packets ? nullptr : source->identity();
    if (identity != nullptr) {
        auto known = cache_->find(*identity);
        if (known && std::int64_t{known->width} * known->height <= options_.max_pixels) return known;
    }
    auto index =
        std::make_shared<const index::FrameIndex>(indexing::build_index(*source, options_, [this] { return stopped(); }));
    if (identity != nullptr) cache_->insert(*identity, *index);
    return index;
}

void IndexTicket::index_one(std::size_t number) noexcept {
    if (why_stopped() != Stop::none) return;
    IndexResult result;
    try {
        result = find_or_build(sources_[number]);
    } catch (const Failure& failure) {
        result = failure.error();
    } catch (const std::bad_alloc&) {
        result = Error{ErrorCode::unsupported, Stage::index, {}, -1, "there is not enough memory for its index", {}};
    } catch (const std::exception& error) {
        result = Error{ErrorCode::corrupt, Stage::index, {}, -1, "it cannot be indexed", error.what()};
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

std::vector<IndexResult> IndexTicket::result() {
    const std::scoped_lock lock(mutex_);
    const bool timed_out = why_stopped() == Stop::timed_out;
    std::vector<IndexResult> results;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        const std::optional<IndexResult>& found = results_[i];
        const Error* error = found ? std::get_if<Error>(&*found) : nullptr;
        if (found && (error == nullptr || error->code != ErrorCode::cancelled)) {
            results.push_back(*found);
            continue;
        }
        results.emplace_back(Error{timed_out ? ErrorCode::timeout : ErrorCode::cancelled,
                                   Stage::index,
                                   sources_[i].name(),
                                   -1,
                                   timed_out ? "the time limit ran out while it was indexed" : "indexing was cancelled",
                                   {}});
    }
    return results;
}

}  // namespace kf::engine
