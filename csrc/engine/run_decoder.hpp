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

#include "engine/run_passes.hpp"
#include "media/decoder.hpp"
#include "plan/damage_signs.hpp"

namespace kf::engine {

class RunDecoder {
public:
    /// Takes a picture that came out. picture_in_packet: 0 for the first picture that came out of its packet, 1 for the
    /// next. The picture's planes stay valid until the visitor returns.
    using Visitor = std::function<void(const media::DecodedPicture& picture, std::int32_t picture_in_packet)>;

    RunDecoder(const index::FrameIndex& index, std::int32_t entry) : index_(index), entry_(entry) {}

    /// Opens a new decoder, which begins at the run's entry. Throws Failure (unsupported, corrupt).
    void open();
    void close() noexcept { decoder_.reset(); }
    [[nodiscard]] bool is_open() const noexcept { return decoder_ != nullptr; }

    /// On the thread that uses the decoder now: forgets what other decoders left there.
    void resume() noexcept { (void)decoder_->take_remarks(); }
    /// Sends one packet, and shows every picture that comes out.
    void send(std::int32_t ordinal, std::span<const std::uint8_t> bytes, const Visitor& visit);
    /// A leading picture of the entry is not sent.
    void leave_out_leading() noexcept { signs_.leave_out_leading(); }
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
    plan::DamageSigns signs_{index_};  // of the packets that this decoder was sent
    std::int32_t last_sent_ = 0;       // the first packet of the picture that was sent last
    PacketOutcome outcome_;
    std::map<std::int32_t, std::int32_t> received_;  // by packet: how many of its pictures came out; the latest packets
};

}  // namespace kf::engine
