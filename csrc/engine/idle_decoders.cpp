#include "engine/idle_decoders.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace kf::engine {

std::unique_ptr<media::Decoder> IdleDecoders::take(const index::FrameIndex& index) noexcept {
    std::unique_ptr<media::Decoder> decoder;
    {
        const std::scoped_lock lock(mutex_);
        const auto found =
            std::find_if(decoders_.begin(), decoders_.end(), [&index](const auto& one) { return one->suits(index); });
        if (found == decoders_.end()) return nullptr;
        decoder = std::move(*found);
        decoders_.erase(found);
    }
    decoder->begin_again();
    ++taken_;
    return decoder;
}

void IdleDecoders::give_back(std::unique_ptr<media::Decoder> decoder) noexcept {
    Decoders given;
    try {
        given.push_back(std::move(decoder));
    } catch (const std::exception&) {
        return;  // there is no memory for the list: the decoder is closed
    }
    Decoders excess;  // closed when the lock is free
    const std::scoped_lock lock(mutex_);
    decoders_.splice(decoders_.begin(), given);
    excess = take_excess();
}

void IdleDecoders::limit(std::size_t most) noexcept {
    Decoders excess;
    const std::scoped_lock lock(mutex_);
    most_ = most;
    excess = take_excess();
}

IdleDecoders::Decoders IdleDecoders::take_excess() noexcept {
    std::size_t decoders = 0;
    std::int64_t bytes = 0;
    auto excess = decoders_.begin();
    for (; excess != decoders_.end() && decoders < most_; ++excess, ++decoders) {
        bytes += (*excess)->memory();
        if (bytes > most_bytes_) break;
    }
    Decoders taken;
    taken.splice(taken.begin(), decoders_, excess, decoders_.end());
    return taken;
}

}  // namespace kf::engine
