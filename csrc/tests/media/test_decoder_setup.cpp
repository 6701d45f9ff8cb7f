// The options of a decoder that is not opened yet.
#include <doctest/doctest.h>

extern "C" {
#include <libavutil/opt.h>
}

#include "media/decoder_setup.hpp"

using namespace kf;

namespace {

media::CodecHandle decoder_of(const char* codec) {
    index::FrameIndex index;
    index.codec = codec;
    return media::set_up_decoder(index, 1 << 20);
}

}  // namespace

TEST_CASE("the H.264 decoder knows our options of a region") {
    const media::CodecHandle decoder = decoder_of("h264");
    media::decode_region(*decoder, {16, 32, 240, 257});
    const auto option = [&](const char* name) {
        std::int64_t value = -1;
        CHECK(av_opt_get_int(decoder->priv_data, name, 0, &value) == 0);
        return value;
    };
    CHECK(option("region_left") == 16);
    CHECK(option("region_top") == 32);
    CHECK(option("region_right") == 240);
    CHECK(option("region_bottom") == 257);
}

TEST_CASE("other decoders have no region") {
    const media::CodecHandle decoder = decoder_of("mpeg4");
    media::decode_region(*decoder, {16, 32, 240, 257});
    CHECK(av_opt_find(decoder->priv_data, "region_left", nullptr, 0, 0) == nullptr);
}
