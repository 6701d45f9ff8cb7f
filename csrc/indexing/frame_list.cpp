#include "indexing/frame_list.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "bitstream/codec.hpp"
#include "bitstream/packet_facts.hpp"
#include "indexing/frame_times.hpp"

namespace kf::indexing {

using base::ErrorCode;
using index::FrameEntry;
using index::FrameIndex;
using index::PacketEntry;

namespace {

constexpr int max_reorder_depth = 16;  // pictures in H.264's largest buffer

/// The most packets that come before a picture in decode order and after it in presentation order.
int reorder_depth(const std::vector<PacketEntry>& packets) {
    std::vector<std::int64_t> sorted;
    std::ptrdiff_t depth = 0;
    for (const PacketEntry& packet : packets) {
        if (packet.completes_previous) continue;
        const auto place = std::upper_bound(sorted.begin(), sorted.end(), packet.order);
        depth = std::max(depth, sorted.end() - place);
        if (depth >= max_reorder_depth) return max_reorder_depth;
        sorted.insert(place, packet.order);  // near the end: never further from it than the depth
    }
    return static_cast<int>(depth);
}

bool display_known_for_all(const PacketList& list) {
    return std::none_of(list.notes.begin(), list.notes.end(),
                        [](const PacketNotes& notes) { return notes.shown == bitstream::unknown_pictures; });
}

bool shows_one(const PacketNotes& notes) {
    return !notes.hidden && notes.shown == 1;
}

bool has_distinct_timestamps(const PacketList& list) {
    std::vector<std::int64_t> shown;
    for (const PacketNotes& notes : list.notes) {
        if (!shows_one(notes)) continue;
        if (!notes.has_pts) return false;
        shown.push_back(notes.pts);
    }
    std::sort(shown.begin(), shown.end());
    return std::adjacent_find(shown.begin(), shown.end()) == shown.end();
}

/// Whether the picture order counts of headers, where there are any, ascend with the pts.
bool poc_ascends_with_pts(const FrameIndex& index, const PacketList& list) {
    std::vector<std::pair<std::int64_t, std::int64_t>> orders;
    for (std::size_t i = 0; i < list.notes.size(); ++i) {
        const PacketNotes& notes = list.notes[i];
        if (shows_one(notes) && !index.packets[i].completes_previous && notes.has_poc)
            orders.emplace_back(notes.pts, notes.poc);
    }
    std::sort(orders.begin(), orders.end());
    const auto later = [](const auto& a, const auto& b) { return a.second > b.second; };
    return std::adjacent_find(orders.begin(), orders.end(), later) == orders.end();
}

/// The stream begins in the middle of a sequence, so that its first pictures may refer to pictures that are missing. Of
/// those before the first entry's picture, only what libavcodec shows is shown.
std::vector<bool> undecodable_leading(const FrameIndex& index, const AskDecoder& ask_decoder) {
    const std::vector<std::int32_t> order = ask_decoder(DecodeExtent::first_entry).ordinals;
    std::vector<bool> hidden(index.packets.size(), true);
    for (const std::int32_t ordinal : order) hidden[static_cast<std::size_t>(ordinal)] = false;
    const bool entry_found = !order.empty() && index.packets[static_cast<std::size_t>(order.back())].entry;
    const std::int64_t all_from = entry_found ? index.packets[static_cast<std::size_t>(order.back())].order : INT64_MAX;
    for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] = hidden[i] && index.packets[i].order < all_from;
    return hidden;
}

/// The list with the display that libavcodec says: these packets' pictures come out.
PacketList with_display(PacketList list, const std::vector<std::int32_t>& ordinals) {
    std::vector<std::int32_t> pictures(list.notes.size());
    for (const std::int32_t ordinal : ordinals) ++pictures[static_cast<std::size_t>(ordinal)];
    for (std::size_t i = 0; i < list.notes.size(); ++i) list.notes[i].shown = std::min(pictures[i], 1);
    return list;
}

void list_by_pts(FrameIndex& index, const PacketList& list, const AskDecoder& ask_decoder) {
    for (std::size_t i = 1; i < index.packets.size(); ++i) {
        const bool shares_time = index.packets[i].completes_previous || !list.notes[i].has_pts;
        if (shares_time) index.packets[i].order = index.packets[i - 1].order;
    }
    index.reorder_depth = reorder_depth(index.packets);
    std::vector<bool> hidden(index.packets.size());
    if (!list.notes.front().starts_sequence) hidden = undecodable_leading(index, ask_decoder);
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        if (shows_one(list.notes[i]) && !hidden[i])
            index.frames.push_back({index.packets[i].order, static_cast<std::int32_t>(i), 0});
    }
    std::sort(index.frames.begin(), index.frames.end(),
              [](const FrameEntry& a, const FrameEntry& b) { return a.pts < b.pts; });
}

/// The frames are the pictures of these packets, in this order; a packet that shows several is named several times. A
/// packet's rank is the place where it is named first, and becomes its order.
void list_by_rank(FrameIndex& index, const PacketList& list, const std::vector<std::int32_t>& ordinals) {
    std::vector<std::int64_t> ranks(index.packets.size(), -1);
    std::vector<std::int32_t> pictures(index.packets.size());
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        const auto ordinal = static_cast<std::size_t>(ordinals[i]);
        if (ranks[ordinal] < 0) ranks[ordinal] = static_cast<std::int64_t>(i);
        if (!list.notes[ordinal].hidden) index.frames.push_back({0, ordinals[i], pictures[ordinal]++});
    }
    std::int64_t last_rank = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        last_rank = std::max(last_rank, ranks[i]);
        // The picture of a packet that is not named may be shown under another packet's name and be referred to. With the
        // latest rank so far it does not count as leading an entry, so that runs send it.
        packet.order = ranks[i] >= 0 ? ranks[i] : packet.completes_previous ? index.packets[i - 1].order : last_rank;
        packet.entry = packet.entry && ranks[i] >= 0;
    }
    index.reorder_depth = reorder_depth(index.packets);
    set_frame_times(index, list);
}

/// The order of the other codecs' packets, in which a picture that is delayed is shown when the next delayed one comes: the
/// B-pictures between them are shown first.
std::vector<std::int32_t> codec_display_order(const PacketList& list) {
    std::vector<std::int32_t> ordinals;
    std::int32_t held = -1;
    for (std::size_t i = 0; i < list.notes.size(); ++i) {
        const PacketNotes& notes = list.notes[i];
        if (notes.shown == 0) continue;
        auto ordinal = static_cast<std::int32_t>(i);
        if (notes.delayed) std::swap(ordinal, held);
        if (ordinal >= 0) ordinals.insert(ordinals.end(), static_cast<std::size_t>(notes.shown), ordinal);
    }
    if (held >= 0) ordinals.push_back(held);
    return ordinals;
}

/// H.264 fields that could not be paired by their headers: a packet that shows no picture of its own completes the picture
/// before it.
void join_fields(FrameIndex& index, const std::vector<std::int32_t>& ordinals) {
    std::vector<bool> named(index.packets.size());
    for (const std::int32_t ordinal : ordinals) named[static_cast<std::size_t>(ordinal)] = true;
    int joined = 1;
    for (std::size_t i = 1; i < named.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        packet.completes_previous = !named[i] && joined < index::most_packets_a_picture;
        joined = packet.completes_previous ? joined + 1 : 1;
        if (!named[i]) packet.droppable = index.packets[i - 1].droppable = index::Droppable::no;
    }
}

/// The stream begins with an H.264 recovery point. The pictures behind it that are shown before it refer to pictures in
/// front of the stream. libavcodec shows them only where a loss behind them changes the order of the pictures.
void distrust_leading(FrameIndex& index, const PacketList& list) {
    if (index.codec != "h264" || list.notes.front().starts_sequence || !index.packets.front().entry) return;
    const std::int64_t first = index.packets.front().order;
    for (std::size_t i = 1; i < index.packets.size() && !index.packets[i].entry; ++i) {
        PacketEntry& packet = index.packets[i];
        if (packet.order >= first) continue;
        packet.truncated = true;
        packet.droppable = index::Droppable::no;
    }
}

/// A run does not send the pictures that lead its entry, so it may not begin where one of them brings headers.
void drop_entries_with_headers_in_leading(FrameIndex& index, const PacketList& list) {
    PacketEntry* entry = nullptr;
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        if (packet.entry) {
            entry = &packet;
        } else if (entry != nullptr && list.notes[i].headers && packet.order < entry->order) {
            entry->entry = false;
        }
    }
}

/// A picture that leads an entry by its picture order count may need packets from before the entry. Where streams are
/// joined, decoders may show it after the entry's picture. A run could not tell it from the pictures that need the entry
/// alone.
void drop_entries_shown_before_leading(FrameIndex& index, const PacketList& list) {
    std::optional<std::size_t> entry;
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        const PacketNotes& notes = list.notes[i];
        if (index.packets[i].entry) {
            entry = i;
        } else if (entry && notes.has_poc && list.notes[*entry].has_poc) {
            PacketEntry& first = index.packets[*entry];
            if (notes.poc < list.notes[*entry].poc && index.packets[i].order > first.order) first.entry = false;
        }
    }
}

void check_frame_count(const FrameIndex& index) {
    if (index.frames.empty()) fail(ErrorCode::corrupt, "no picture of the video stream is shown");
    if (index.frames.size() > index::most_frames)
        fail(ErrorCode::unsupported, "the stream has more than " + std::to_string(index::most_frames) + " pictures");
}

/// Where all frames have the same time, it says no rate. Then the rate is that of the headers, else FFmpeg's for bare
/// streams.
void assume_rate(FrameIndex& index, const PacketList& list) noexcept {
    const bool lasts = index.frames.size() == 1 && list.last_duration > 0;
    if (index.average_rate.num > 0 || lasts || index.frames.front().pts < index.frames.back().pts) return;
    index.average_rate = list.rate.num > 0 ? list.rate : index::Rational{25, 1};
}

/// Where the container does not say how long the last frame is shown, it is as long as the frame before it. Where that one
/// has the same time, it is as long as a frame at the container's rate, or the mean of the frames.
std::int64_t last_duration(const FrameIndex& index, const PacketList& list) noexcept {
    if (list.last_duration > 0) return list.last_duration;
    const auto count = static_cast<std::int64_t>(index.frames.size());
    const std::int64_t last = index.frames.back().pts;
    const std::int64_t step = count < 2 ? 0 : last - index.frames[index.frames.size() - 2].pts;
    if (step > 0) return std::min(step, index::latest_time);
    const double ticks = index.time_base.value() * index.average_rate.value();
    if (ticks <= 0)
        return std::max<std::int64_t>(1, (last - index.frames.front().pts) / std::max<std::int64_t>(1, count - 1));
    constexpr double longest = 1e15;
    return std::max<std::int64_t>(1, std::llround(std::min(1.0 / ticks, longest)));
}

}  // namespace

/// One of three ways, the first that is possible:
///   1. H.264 and HEVC with a distinct pts for every picture, in the order that the headers tell: by pts. Where the stream
///      begins in the middle of a sequence, libavcodec decides which of the leading pictures are shown. The same for MPEG-1,
///      MPEG-2 and HEVC where pictures are lost, because libavcodec does not show those around the loss in the order of
///      their pts.
///   2. Another codec whose packets tell what they show: in the order of the packets, delayed pictures later. A rank takes
///      the place of the pts in PacketEntry::order.
///   3. Everything else: libavcodec decodes the whole stream and decides which pictures are shown, and in which order. Again
///      with ranks.
/// The reorder depth follows from how far packets move in that order. In 2 and 3 frames get their times afterwards, since
/// pts are missing or do not have the right order.
void list_frames(FrameIndex& index, const PacketList& list, const AskDecoder& ask_decoder) {
    const bitstream::Codec codec = bitstream::codec_of(index.codec);
    const bool nal_units = bitstream::has_nal_units(codec);
    const bool display_known = display_known_for_all(list);
    const bool by_pts = nal_units && poc_ascends_with_pts(index, list);
    const bool mpeg12_lost = list.pictures_lost && codec == bitstream::Codec::mpeg12;
    if (display_known && (by_pts || mpeg12_lost) && has_distinct_timestamps(list)) {
        list_by_pts(index, list, ask_decoder);
    } else if (display_known && !nal_units) {
        list_by_rank(index, list, codec_display_order(list));
    } else {
        index.reorder_depth = max_reorder_depth;
        const DecodedOrder order = ask_decoder(DecodeExtent::whole_stream);
        const PacketList displayed = with_display(list, order.ordinals);
        if ((mpeg12_lost || order.pictures_missing) && has_distinct_timestamps(displayed)) {
            list_by_pts(index, displayed, ask_decoder);
        } else {
            if (!display_known && index.codec == "h264") join_fields(index, order.ordinals);
            list_by_rank(index, list, order.ordinals);
            distrust_leading(index, list);
        }
    }
    drop_entries_with_headers_in_leading(index, list);
    drop_entries_shown_before_leading(index, list);
    check_frame_count(index);
    assume_rate(index, list);
    index.last_duration = last_duration(index, list);
}

}  // namespace kf::indexing
