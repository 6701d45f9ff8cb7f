#include "indexing/decoded_order.hpp"

#include "media/decoder.hpp"
#include "media/demuxer.hpp"
#include "media/ffmpeg_log.hpp"

namespace kf::indexing {

DecodedOrder decoded_order(const index::FrameIndex& index, const media::Source& source, DecodeExtent extent,
                           const Stop& stop) {
    DecodedOrder order;
    bool finished = false;
    media::Decoder decoder(index);
    const auto receive = [&] {
        media::DecodedPicture picture;
        while (decoder.receive(picture) == media::Received::picture && !finished) {
            order.ordinals.push_back(static_cast<std::int32_t>(picture.ordinal));
            finished = extent == DecodeExtent::first_entry && index.packets[static_cast<std::size_t>(picture.ordinal)].entry;
        }
    };
    media::Demuxer demuxer(source, index.stream);
    for (std::int64_t ordinal = 0; !finished; ++ordinal) {
        const auto packet = demuxer.next();
        if (!packet) break;
        throw_if_stopped(stop);
        (void)decoder.send(ordinal, packet->bytes);  // a picture that does not decode does not come out
        receive();
    }
    if (!finished && decoder.drain()) receive();
    order.pictures_missing = media::take_decoder_remarks().missing_picture;
    return order;
}

}  // namespace kf::indexing
