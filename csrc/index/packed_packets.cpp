// Each packet is four numbers: what it is and how many frames name it, the gap before it in the file, its size, and how far
// its order is from that of the one before. The first and the last repeat in patterns; sizes depend on what the packet is.
// Frames are expected in the order of their packets, with their pts; what is said of each is how it differs: mostly nothing.
#include "index/packed_packets.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "index/adaptive_coder.hpp"

namespace kf::index {
namespace {

constexpr std::uint64_t direct_flag = 1;
constexpr std::uint64_t entry_flag = 2;
constexpr std::uint64_t cut_flag = 4;
constexpr std::uint64_t continues_flag = 8;
constexpr unsigned droppable_shift = 4;
constexpr unsigned pictures_shift = 6;
constexpr std::uint64_t max_pictures = 1 << 16;
constexpr std::size_t packets_a_byte = 64;  // more than the limits of AdaptiveBit allow
constexpr std::size_t frames_a_byte = 256;  // likewise

struct Numbers {
    std::uint64_t flags = 0;
    std::uint64_t gap = 0;
    std::uint64_t size = 0;
    std::uint64_t order = 0;
};

class PacketModel {
public:
    template <class Coder>
    void code(Coder& coder, Numbers& numbers) {
        flags_.code(coder, numbers.flags);
        gap_.code(coder, numbers.gap);
        size_[flags_.symbol()].code(coder, numbers.size);
        order_.code(coder, numbers.order);
    }

private:
    PatternModel flags_;
    NumberModel<4> gap_;
    std::array<NumberModel<2>, PatternModel::unknown + 1> size_;
    PatternModel order_;
};

class FrameModel {
public:
    /// away: how far the packet is from the expected one; lag: how far the pts is from the packet's order.
    template <class Coder>
    void code(Coder& coder, std::uint64_t& away, std::uint64_t& lag) {
        bool differs = away != 0 || lag != last_lag_;
        coder.bit(differs_, differs);
        if (!differs) {
            away = 0;
            lag = last_lag_;
            return;
        }
        away_.code(coder, away);
        lag_.code(coder, lag);
        last_lag_ = lag;
    }

private:
    AdaptiveBit differs_;
    PatternModel away_;
    PatternModel lag_;
    std::uint64_t last_lag_ = 0;
};

struct Model {
    PacketModel packet;
    FrameModel frame;
};

/// A model that has learned nothing, copied rather than made: it is large, and most of it is never touched.
std::unique_ptr<Model> fresh_model() {
    static const Model blank;
    return std::make_unique<Model>(blank);
}

/// Signed numbers as unsigned ones that are small where they are near 0.
std::uint64_t folded(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unfolded(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Sum that a hostile difference cannot overflow.
std::int64_t add(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

PacketEntry entry_of(const Numbers& numbers, const PacketEntry& before, std::int64_t source_size) {
    PacketEntry packet;
    packet.direct = (numbers.flags & direct_flag) != 0;
    packet.entry = (numbers.flags & entry_flag) != 0;
    packet.truncated = (numbers.flags & cut_flag) != 0;
    packet.completes_previous = (numbers.flags & continues_flag) != 0;
    const std::uint64_t droppable = (numbers.flags >> droppable_shift) & 3;
    if (droppable > static_cast<std::uint64_t>(Droppable::yes)) refuse_saved_index("unknown packet flags");
    packet.droppable = static_cast<Droppable>(droppable);
    if (numbers.size > INT32_MAX) refuse_saved_index("a packet's size is out of range");
    packet.size = static_cast<std::int32_t>(numbers.size);
    packet.position = add(before.position + before.size, unfolded(numbers.gap));
    if (packet.position < 0 || packet.position > source_size - packet.size)
        refuse_saved_index("a packet lies outside the source");
    packet.order = add(before.order, unfolded(numbers.order));
    if (packet.order < -latest_time || packet.order > latest_time) refuse_saved_index("a timestamp is out of range");
    return packet;
}

/// The packets that frames name, each as often as it is named, as they are likely to be shown.
std::vector<std::int32_t> expected_order(const FrameIndex& index, const std::vector<std::uint64_t>& pictures) {
    std::vector<std::int32_t> expected;
    for (std::size_t i = 0; i < pictures.size(); ++i)
        expected.insert(expected.end(), pictures[i], static_cast<std::int32_t>(i));
    std::stable_sort(expected.begin(), expected.end(), [&index](std::int32_t a, std::int32_t b) {
        return index.packets[static_cast<std::size_t>(a)].order < index.packets[static_cast<std::size_t>(b)].order;
    });
    return expected;
}

void unpack_frames(AdaptiveBitReader& reader, FrameModel& model, const std::vector<std::int32_t>& expected,
                   FrameIndex& index) {
    std::vector<std::int32_t> parts(index.packets.size());
    for (const std::int32_t likely : expected) {
        std::uint64_t away = 0;
        std::uint64_t lag = 0;
        model.code(reader, away, lag);
        if (reader.overrun()) refuse_saved_index("it ends too soon");
        const std::int64_t number = add(likely, unfolded(away));
        if (number < 0 || number >= static_cast<std::int64_t>(index.packets.size()))
            refuse_saved_index("a frame names no packet");
        const auto ordinal = static_cast<std::size_t>(number);
        const std::int64_t pts = add(index.packets[ordinal].order, unfolded(lag));
        if (pts < -latest_time || pts > latest_time) refuse_saved_index("a timestamp is out of range");
        index.frames.push_back({pts, static_cast<std::int32_t>(number), parts[ordinal]++});
    }
}

}  // namespace

void refuse_saved_index(const char* why) {
    throw base::Failure(base::ErrorCode::corrupt, base::Stage::index,
                        std::string("the saved frame index is not valid: ") + why + "; build it anew");
}

std::size_t most_packets(std::size_t bytes) noexcept {
    return bytes * packets_a_byte;
}

std::vector<std::uint8_t> pack_packets(const FrameIndex& index) {
    std::vector<std::uint64_t> pictures(index.packets.size());
    for (const FrameEntry& frame : index.frames) ++pictures[static_cast<std::size_t>(frame.packet)];
    const auto model = fresh_model();
    AdaptiveBitWriter writer;
    PacketEntry before;
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        const PacketEntry& packet = index.packets[i];
        const std::uint64_t flags = (packet.direct ? direct_flag : 0) | (packet.entry ? entry_flag : 0) |
                                    (packet.truncated ? cut_flag : 0) | (packet.completes_previous ? continues_flag : 0) |
                                    static_cast<std::uint64_t>(packet.droppable) << droppable_shift |
                                    pictures[i] << pictures_shift;
        Numbers numbers{flags, folded(packet.position - before.position - before.size),
                        static_cast<std::uint64_t>(packet.size), folded(packet.order - before.order)};
        model->packet.code(writer, numbers);
        before = packet;
    }
    const std::vector<std::int32_t> expected = expected_order(index, pictures);
    for (std::size_t i = 0; i < index.frames.size(); ++i) {
        const FrameEntry& frame = index.frames[i];
        std::uint64_t away = folded(std::int64_t{frame.packet} - expected[i]);
        std::uint64_t lag = folded(frame.pts - index.packets[static_cast<std::size_t>(frame.packet)].order);
        model->frame.code(writer, away, lag);
    }
    return writer.finish();
}

void unpack_packets(std::span<const std::uint8_t> bytes, std::size_t count, FrameIndex& index) {
    const auto model = fresh_model();
    AdaptiveBitReader reader(bytes);
    std::vector<std::uint64_t> pictures;
    std::uint64_t frames = 0;
    int packets_of_picture = 0;
    PacketEntry before;
    for (std::size_t i = 0; i < count; ++i) {
        Numbers numbers;
        model->packet.code(reader, numbers);
        if (reader.overrun()) refuse_saved_index("it ends too soon");
        before = entry_of(numbers, before, index.source_size);
        packets_of_picture = before.completes_previous ? packets_of_picture + 1 : 1;
        if (packets_of_picture > most_packets_a_picture) refuse_saved_index("a picture has too many packets");
        index.packets.push_back(before);
        pictures.push_back(numbers.flags >> pictures_shift);
        if (pictures.back() > max_pictures) refuse_saved_index("a count is larger than the index");
        frames += pictures.back();
    }
    if (frames > std::min(most_frames, bytes.size() * frames_a_byte)) refuse_saved_index("a count is larger than the index");
    unpack_frames(reader, model->frame, expected_order(index, pictures), index);
    if (!reader.at_end()) refuse_saved_index("bytes are left over");
}

}  // namespace kf::index
