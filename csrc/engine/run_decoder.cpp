#include "engine/run_decoder.hpp"

#include "index/active_parameter_sets.hpp"
#include "plan/sending.hpp"

namespace kf::engine {

using media::Received;
using plan::first_of_picture;

namespace {

constexpr int max_errors_per_packet = 16;
constexpr std::size_t packets_at_once = 256;  // far more than a decoder holds pictures of

}  // namespace

void RunDecoder::open(int threads, const std::optional<media::Region>& region) {
    decoder_ = std::make_unique<media::Decoder>(index_, threads, region);
    several_threads_ = decoder_->threads() > 1 ? std::make_unique<plan::SeveralThreads>(index_) : nullptr;
    signs_ = std::make_unique<plan::DamageSigns>(index_);
    signs_->begin();
    received_.clear();
}

void RunDecoder::close() noexcept {
    decoder_.reset();
    signs_.reset();
    several_threads_.reset();
    outcome_ = {};
}

bool RunDecoder::in_trouble() const noexcept {
    return decoder_->said_something() || !outcome_.flaws.empty() || !several_threads_->suit();
}

void RunDecoder::follow(std::int32_t ordinal, std::span<const std::uint8_t> bytes, bool counts) {
    parameter_sets_ = index::parameter_sets_before(index_, entry_, ordinal);
    if (signs_->follows_loss(parameter_sets_, bytes) && counts)
        outcome_.flaws.push_back({first_of_picture(index_, ordinal), "a picture that others refer to is missing"});
}

void RunDecoder::send(std::int32_t ordinal, std::span<const std::uint8_t> bytes, const Visitor& visit) {
    last_sent_ = first_of_picture(index_, ordinal);
    if (signs_->has_hole(bytes)) outcome_.flaws.push_back({last_sent_, "zeros that no NAL unit may hold"});
    if (several_threads_) several_threads_->read(parameter_sets_, bytes);
    if (!decoder_->send(ordinal, bytes, parameter_sets_)) add_decoder_flaw(last_sent_);
    receive(visit);
    take_remarks();
}

void RunDecoder::drain(const Visitor& visit) {
    if (decoder_->drain()) receive(visit);
    take_remarks();
}

/// The decoder said why in its log.
void RunDecoder::add_decoder_flaw(std::int32_t picture) {
    outcome_.flaws.push_back({picture, decoder_->last_log_line()});
}

void RunDecoder::take_remarks() {
    const media::DecoderRemarks remarks = decoder_->take_remarks();
    // The first pictures of a VC-1 stream that begins in the middle are decoded as FFmpeg shows them.
    if (remarks.missing_reference && index_.codec != "vc1" && index_.codec != "wmv3")
        outcome_.flaws.push_back({last_sent_, "a picture that others refer to is missing"});
    outcome_.reference_not_sent = outcome_.reference_not_sent || remarks.missing_picture;
    if (remarks.lenient) outcome_.error_tolerance_changed_at = last_sent_;
}

void RunDecoder::receive(const Visitor& visit) {
    media::DecodedPicture picture;
    for (int errors = 0; errors < max_errors_per_packet;) {
        switch (decoder_->receive(picture)) {
            case Received::nothing: return;
            case Received::picture: {
                const auto ordinal = static_cast<std::int32_t>(picture.ordinal);
                if (picture.flawed) add_decoder_flaw(first_of_picture(index_, ordinal));
                const std::int32_t number = received_[ordinal]++;
                if (received_.size() > packets_at_once) received_.erase(received_.begin());
                visit(picture, number);
                break;
            }
            case Received::error:
                add_decoder_flaw(last_sent_);
                ++errors;
                break;
        }
    }
}

}  // namespace kf::engine
