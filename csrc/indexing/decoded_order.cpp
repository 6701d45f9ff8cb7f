#include "indexing/decoded_order.hpp"

#include "base/error.hpp"
#include "media/decoder.hpp"
#include "media/demuxer.hpp"

namespace kf::indexing {

std::vector<std::int32_t> decoded_order(const index::FrameIndex& index, const media::Source& source, bool whole,
                                        const std::function<bool()>& stop) {
    std::vector<std::int32_t> order;
    bool settled = false;
    media::Decoder decoder(index);
    const auto receive = [&] {
        media::DecodedPicture picture;
        for (media::Received got = decoder.receive(picture); got == media::Received::picture && !settled;
             got = decoder.receive(picture)) {
            order.push_back(static_cast<std::int32_t>(picture.ordinal));
            settled = !whole && index.packets[static_cast<std::size_t>(picture.ordinal)].entry;
        }
    };
    media::Demuxer demuxer(source);
    for (std::int64_t ordinal = 0; !settled; ++ordinal) {
        const auto packet = demuxer.next();
        if (!packet) break;
        if (stop()) throw base::Failure(base::ErrorCode::cancelled, base::Stage::index, "indexing was stopped");
        (void)decoder.send(ordinal, packet->bytes);  // what does not decode does not come out
        receive();
    }
    if (!settled && decoder.drain()) receive();
    return order;
}

}  // namespace kf::indexing
