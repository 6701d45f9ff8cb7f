// Decodes the packets of a run in their order, as far as its caller sends them: the decoder, the signs of damage that the
// packets show, and what the decoder says of each packet. One owner, one thread at a time; it never reads, and it does not
// choose which packets are sent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/run_passes.hpp"
#include "media/decoder.hpp"
#include "plan/damage_signs.hpp"
#include "plan/several_threads.hpp"

namespace kf::engine {

class RunDecoder {
public:
    /// Takes a picture that came out. picture_in_packet: 0 for the first picture that came out of its packet, 1 for the
    /// next. The picture's planes stay valid until the visitor returns.
    using Visitor = std::function<void(const media::DecodedPicture& picture, std::int32_t picture_in_packet)>;

    RunDecoder(const index::FrameIndex& index, std::int32_t entry) : index_(index), entry_(entry) {}

    /// Opens a new decoder, which begins at the run's entry. threads: how many it may have. region: what the visitor reads
    /// of sound pictures. Throws Failure (unsupported, corrupt).
    void open(int threads = 1, const std::optional<media::Region>& region = {});
    /// Forgets what was noticed, too.
    void close() noexcept;
    [[nodiscard]] bool is_open() const noexcept { return decoder_ != nullptr; }
    [[nodiscard]] int threads() const noexcept { return decoder_->threads(); }
    /// Of a decoder of several threads: whether one thread might decode what was sent in another way.
    [[nodiscard]] bool in_trouble() const noexcept;

    /// On the thread that uses the decoder now: forgets what other decoders left there.
    void resume() noexcept { (void)decoder_->take_remarks(); }
    /// Reads the next packet of the run, whether it is sent or not. counts: a loss in front of it is a flaw of its picture.
    void follow(std::int32_t ordinal, std::span<const std::uint8_t> bytes, bool counts);
    /// Sends the packet that was read, and shows every picture that comes out.
    void send(std::int32_t ordinal, std::span<const std::uint8_t> bytes, const Visitor& visit);
    /// No packet follows: shows the pictures that the decoder still holds.
    void drain(const Visitor& visit);
    /// A flaw that the caller found in the packet at hand.
    void add_flaw(Flaw flaw) { outcome_.flaws.push_back(std::move(flaw)); }
    /// What was noticed since the last call.
    [[nodiscard]] PacketOutcome take_outcome() { return std::exchange(outcome_, {}); }

    /// About the memory that the decoder takes.
    [[nodiscard]] std::int64_t memory() const noexcept { return decoder_ ? decoder_->memory() : 0; }

private:
    void receive(const Visitor& visit);
    void take_remarks();
    void add_decoder_flaw(std::int32_t picture);

    const index::FrameIndex& index_;
    const std::int32_t entry_;
    std::unique_ptr<media::Decoder> decoder_;
    // Both are kilobytes and exist while the decoder does, for a call may have many runs that wait.
    std::unique_ptr<plan::DamageSigns> signs_;               // of all packets of the run
    std::unique_ptr<plan::SeveralThreads> several_threads_;  // of a decoder of several threads
    std::vector<std::uint8_t> parameter_sets_;               // in front of the packet that was read
    std::int32_t last_sent_ = 0;                             // the first packet of the picture that was sent last
    PacketOutcome outcome_;
    std::map<std::int32_t, std::int32_t> received_;  // by packet: how many of its pictures came out; the latest packets
};

}  // namespace kf::engine
