#include "media/picture_properties.hpp"

#include <array>
#include <cstdint>

#include "media/handles.hpp"

namespace kf::media {

using index::PictureProperties;
using index::Rational;

namespace {

constexpr std::array field_order_names{"", "progressive", "tt", "bb", "tb", "bt"};
static_assert(AV_FIELD_UNKNOWN == 0 && AV_FIELD_PROGRESSIVE == 1 && AV_FIELD_TT == 2 && AV_FIELD_BB == 3 &&
              AV_FIELD_TB == 4 && AV_FIELD_BT == 5);

// FFmpeg's numbers for "nothing is said" are those that a PictureProperties begins with.
static_assert(PictureProperties{}.color_primaries == AVCOL_PRI_UNSPECIFIED);
static_assert(PictureProperties{}.color_transfer == AVCOL_TRC_UNSPECIFIED);
static_assert(PictureProperties{}.color_matrix == AVCOL_SPC_UNSPECIFIED);
static_assert(PictureProperties{}.color_range == AVCOL_RANGE_UNSPECIFIED);
static_assert(PictureProperties{}.chroma_location == AVCHROMA_LOC_UNSPECIFIED);

std::string name_or_nothing(const char* name, bool said) {
    return said && name != nullptr ? name : "";
}

/// A value that a saved index cannot hold has no name in FFmpeg either.
std::int32_t known(int value, std::int32_t nothing) noexcept {
    return value >= 0 && value <= UINT8_MAX ? value : nothing;
}

Rational positive(AVRational ratio) noexcept {
    return ratio.num > 0 && ratio.den > 0 ? Rational{ratio.num, ratio.den} : Rational{};
}

template <class Settings>
PictureProperties color_of(const Settings& settings, int matrix, int transfer, int location) noexcept {
    const PictureProperties nothing;
    return {{},
            known(settings.field_order, nothing.field_order),
            known(settings.color_primaries, nothing.color_primaries),
            known(transfer, nothing.color_transfer),
            known(matrix, nothing.color_matrix),
            known(settings.color_range, nothing.color_range),
            known(location, nothing.chroma_location)};
}

}  // namespace

PropertyNames names_of(const PictureProperties& properties) {
    const auto primaries = static_cast<AVColorPrimaries>(properties.color_primaries);
    const auto transfer = static_cast<AVColorTransferCharacteristic>(properties.color_transfer);
    const auto matrix = static_cast<AVColorSpace>(properties.color_matrix);
    const auto range = static_cast<AVColorRange>(properties.color_range);
    const auto location = static_cast<AVChromaLocation>(properties.chroma_location);
    const auto order = static_cast<std::size_t>(properties.field_order);
    return {order < field_order_names.size() ? field_order_names[order] : "",
            name_or_nothing(av_color_primaries_name(primaries), primaries != AVCOL_PRI_UNSPECIFIED),
            name_or_nothing(av_color_transfer_name(transfer), transfer != AVCOL_TRC_UNSPECIFIED),
            name_or_nothing(av_color_space_name(matrix), matrix != AVCOL_SPC_UNSPECIFIED),
            name_or_nothing(av_color_range_name(range), range != AVCOL_RANGE_UNSPECIFIED),
            name_or_nothing(av_chroma_location_name(location), location != AVCHROMA_LOC_UNSPECIFIED)};
}

PictureProperties properties_of(const AVStream& stream) noexcept {
    const AVCodecParameters& settings = *stream.codecpar;
    PictureProperties properties = color_of(settings, settings.color_space, settings.color_trc, settings.chroma_location);
    properties.sample_aspect_ratio = positive(stream.sample_aspect_ratio);
    return properties;
}

PictureProperties properties_of(const AVCodecContext& decoder, const PictureProperties& container) noexcept {
    PictureProperties properties = color_of(decoder, decoder.colorspace, decoder.color_trc, decoder.chroma_sample_location);
    const bool stated = container.sample_aspect_ratio.num > 0;
    properties.sample_aspect_ratio = stated ? container.sample_aspect_ratio : positive(decoder.sample_aspect_ratio);
    return properties;
}

void set_properties(AVCodecContext& decoder, const PictureProperties& container) noexcept {
    decoder.field_order = static_cast<AVFieldOrder>(container.field_order);
    decoder.color_primaries = static_cast<AVColorPrimaries>(container.color_primaries);
    decoder.color_trc = static_cast<AVColorTransferCharacteristic>(container.color_transfer);
}

}  // namespace kf::media
