// Tickets that learn something about each of many sources on the I/O threads: their frame indices, or what their containers
// hold. Any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "engine/ticket.hpp"
#include "index/frame_index.hpp"
#include "media/container_facts.hpp"
#include "media/source.hpp"

namespace kf::engine {

template <class Value>
class SourceTicket final : public Ticket, public std::enable_shared_from_this<SourceTicket<Value>> {
public:
    using Result = std::variant<Value, base::Error>;
    /// Called once for each source, on several threads at once; owns all that it uses. It may throw, and it may give up with
    /// any Failure once stopped() is true.
    using Work = std::function<Value(const media::SourceSpec& source, const std::function<bool()>& stopped)>;

    /// at_once: how many sources at most.
    SourceTicket(std::vector<media::SourceSpec> sources, Work work, int at_once, std::optional<Clock::duration> timeout,
                 std::shared_ptr<ThreadPool> io);
    void start();

    /// One result per source, in their order. A source that was not reached has an Error (timeout, cancelled). Call it when
    /// the ticket is over. Throws Failure (resources) where the machine had too few for one of them.
    [[nodiscard]] std::vector<Result> result();

private:
    void work_on(std::size_t number) noexcept;

    const std::vector<media::SourceSpec> sources_;
    const Work work_;
    std::vector<std::optional<Result>> results_;
    std::size_t pending_;
};

using IndexTicket = SourceTicket<std::shared_ptr<const index::FrameIndex>>;
using IndexResult = IndexTicket::Result;

using FactsTicket = SourceTicket<media::ContainerFacts>;

}  // namespace kf::engine
