#include "media/decoded_order.hpp"

#include "base/error.hpp"
#include "media/decoder.hpp"
#include "media/demuxer.hpp"

namespace kf {

std::vector<std::int32_t> decoded_order(const FrameIndex& index, const Source& source, bool whole,
                                        const std::function<bool()>& stop) {
    std::vector<std::int32_t> order;
    bool settled = false;
    Decoder decoder(index);
    const auto receive = [&] {
        DecodedPicture picture;
        for (Received got = decoder.receive(picture); got == Received::picture && !settled; got = decoder.receive(picture)) {
            order.push_back(static_cast<std::int32_t>(picture.ordinal));
            settled = !whole && index.packets[static_cast<std::size_t>(picture.ordinal)].entry;
        }
    };
    Demuxer demuxer(source);
    for (std::int64_t ordinal = 0; !settled; ++ordinal) {
        const auto packet = demuxer.next();
        if (!packet) break;
        if (stop()) throw Failure(ErrorCode::cancelled, Stage::index, "indexing was stopped");
        (void)decoder.send(ordinal, packet->bytes);  // what does not decode does not come out
        receive();
    }
    if (!settled && decoder.drain()) receive();
    return order;
}

}  // namespace kf
