#include "engine/run_output.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "engine/stopwatch.hpp"

namespace kf::engine {

using base::Error;
using base::Stage;

namespace {

bool by_picture(const Destination& a, const Destination& b) noexcept {
    return std::tie(a.ordinal, a.picture_in_packet) < std::tie(b.ordinal, b.picture_in_packet);
}

}  // namespace

RunOutput::RunOutput(const DecodeRequest& request, const index::FrameIndex& index, FrameWriter writer,
                     std::vector<Destination> destinations)
    : request_(request), index_(index), writer_(std::move(writer)), destinations_(std::move(destinations)),
      written_(destinations_.size()), came_out_(destinations_.size()), missing_(destinations_.size()) {
    std::sort(destinations_.begin(), destinations_.end(), by_picture);
}

void RunOutput::begin_pass(const RunPasses& passes) {
    came_out_.assign(came_out_.size(), false);
    missing_ = came_out_.size();
    for (std::size_t i = 0; i < written_.size(); ++i)
        written_[i] = written_[i] && !passes.keeps_output_of(destinations_[i].ordinal);
}

void RunOutput::write(const base::PictureView& picture, std::int32_t ordinal, std::int32_t picture_in_packet,
                      DecodeStats& stats) {
    const bool expected_size = picture.width == index_.width && picture.height == index_.height;
    const auto [first, last] = std::equal_range(destinations_.begin(), destinations_.end(),
                                                Destination{ordinal, picture_in_packet, 0, 0}, by_picture);
    if (first == last) return;
    const Stopwatch watch(stats.seconds_converting);
    for (auto place = first; place != last; ++place) {
        const auto number = static_cast<std::size_t>(place - destinations_.begin());
        missing_ -= !came_out_[number];
        came_out_[number] = true;
        const RowRequest& row = request_.rows[static_cast<std::size_t>(place->row)];
        const auto same_pixels = std::find_if(first, place, [&](const Destination& earlier) {
            const RowRequest& other = request_.rows[static_cast<std::size_t>(earlier.row)];
            return written_[static_cast<std::size_t>(&earlier - destinations_.data())] && other.box == row.box &&
                   other.flip == row.flip;
        });
        bool written = true;
        if (same_pixels != place && !request_.output.planes) {
            writer_.copy(request_.rows[static_cast<std::size_t>(same_pixels->row)], same_pixels->frame, row, place->frame);
        } else {
            written = writer_.write(picture, index_.orientation, row, expected_size, place->frame, *interrupted_);
            stats.frames_converted += written;
        }
        written_[number] = written;
    }
}

void RunOutput::for_each_missing(const std::function<void(std::int32_t ordinal)>& visit) const {
    for (std::size_t i = 0; i < destinations_.size(); ++i) {
        if (!came_out_[i]) visit(destinations_[i].ordinal);
    }
}

void RunOutput::report(const RunPasses& passes, const std::optional<Error>& failure, DecodeResult& result) const {
    const RowRequest& any_row = request_.rows[static_cast<std::size_t>(destinations_.front().row)];
    const std::string path = request_.videos[static_cast<std::size_t>(any_row.video)].source.name();
    const auto frames = static_cast<std::size_t>(request_.output.frames);
    for (std::size_t i = 0; i < destinations_.size(); ++i) {
        const Destination& place = destinations_[i];
        const std::string* damage = passes.damage(place.ordinal);
        const bool given = written_[i] && !passes.loses(place.ordinal);
        FrameStatus& cell =
            result.status[static_cast<std::size_t>(place.row) * frames + static_cast<std::size_t>(place.frame)];
        cell = !given ? FrameStatus::failed : damage != nullptr ? FrameStatus::damaged : FrameStatus::ok;
        if (cell == FrameStatus::ok) continue;
        Error error = failure.value_or(Error{});
        if (!failure) {
            error.stage = Stage::decode;
            error.what = given ? "the frame, or a picture that it may refer to, is damaged"
                               : "the decoder gave no picture of the expected size for this frame";
            if (damage != nullptr) error.detail = *damage;
        }
        error.path = path;
        error.frame = request_.rows[static_cast<std::size_t>(place.row)].frames[static_cast<std::size_t>(place.frame)];
        result.add_error(place.row, {place.frame, std::move(error)});
    }
}

}  // namespace kf::engine
