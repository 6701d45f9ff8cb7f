// How shown pictures are listed:
//   1. Where every packet's bytes say what it shows: H.264 and HEVC pictures in order of pts, as those are reordered by it;
//      of the other codecs in the order of their packets, B-pictures before the one that was decoded for them. How far a
//      picture moves in that sorting is the reorder depth.
//   2. H.264 and HEVC streams that begin in the middle: libavcodec decides which of the leading ones it shows.
//   3. Everything else, and where pts are missing, not distinct or not in the order that headers tell: libavcodec decides
//      which are shown, and in which order. A packet's rank takes the place of its pts.
#include "indexing/frame_list.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "bitstream/codec.hpp"
#include "bitstream/packet_reader.hpp"
#include "indexing/decoded_order.hpp"
#include "indexing/frame_times.hpp"

namespace kf::indexing {

using index::FrameIndex;
using index::PacketEntry;
using media::Source;

namespace {

constexpr int max_reorder_depth = 16;  // pictures in H.264's largest buffer

using Stop = std::function<bool()>;

/// The most packets that come before a picture in decode order and after it in presentation order.
int reorder_depth(const std::vector<PacketEntry>& packets) {
    std::vector<std::int64_t> sorted;
    std::ptrdiff_t depth = 0;
    for (const PacketEntry& packet : packets) {
        if (packet.completes_previous) continue;
        const auto place = std::upper_bound(sorted.begin(), sorted.end(), packet.order);
        depth = std::max(depth, sorted.end() - place);
        if (depth >= max_reorder_depth) return max_reorder_depth;
        sorted.insert(place, packet.order);  // near the end: never more than the depth behind it
    }
    return static_cast<int>(depth);
}

bool display_known_for_all(const PacketList& list) {
    return std::find(list.shown.begin(), list.shown.end(), bitstream::unknown_pictures) == list.shown.end();
}

bool shows_one(const PacketList& list, std::size_t i) {
    return !list.hidden[i] && list.shown[i] == 1;
}

bool distinct_timestamps(const PacketList& list) {
    std::vector<std::int64_t> shown;
    for (std::size_t i = 0; i < list.pts.size(); ++i) {
        if (!shows_one(list, i)) continue;
        const auto& time = list.pts[i];
        if (!time) return false;
        shown.push_back(*time);
    }
    std::sort(shown.begin(), shown.end());
    return std::adjacent_find(shown.begin(), shown.end()) == shown.end();
}

/// Whether pictures are shown in the order of their times, as far as their headers tell.
bool ordered_by_time(const FrameIndex& index, const PacketList& list) {
    std::vector<std::pair<std::int64_t, std::int64_t>> orders;
    for (std::size_t i = 0; i < list.pts.size(); ++i) {
        const auto& order = list.poc[i];
        if (shows_one(list, i) && !index.packets[i].completes_previous && order)
            orders.emplace_back(list.pts[i].value_or(0), *order);
    }
    std::sort(orders.begin(), orders.end());
    const auto later = [](const auto& a, const auto& b) { return a.second > b.second; };
    return std::adjacent_find(orders.begin(), orders.end(), later) == orders.end();
}

/// Step 2: of what comes before the first entry's picture, only what comes out is shown.
std::vector<bool> undecodable(const FrameIndex& index, const Source& source, const Stop& stop) {
    const std::vector<std::int32_t> order = decoded_order(index, source, false, stop);
    std::vector<bool> hidden(index.packets.size(), true);
    for (const std::int32_t ordinal : order) hidden[static_cast<std::size_t>(ordinal)] = false;
    const bool settled = !order.empty() && index.packets[static_cast<std::size_t>(order.back())].entry;
    const std::int64_t all_from = settled ? index.packets[static_cast<std::size_t>(order.back())].order : INT64_MAX;
    for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] = hidden[i] && index.packets[i].order < all_from;
    return hidden;
}

/// Step 1, H.264 and HEVC.
void list_by_pts(FrameIndex& index, const PacketList& list, const Source& source, const Stop& stop) {
    for (std::size_t i = 1; i < index.packets.size(); ++i) {
        const bool no_time = index.packets[i].completes_previous || !list.pts[i];
        if (no_time) index.packets[i].order = index.packets[i - 1].order;
    }
    index.reorder_depth = reorder_depth(index.packets);
    std::vector<bool> hidden(index.packets.size());
    if (!list.starts_sequence.front()) hidden = undecodable(index, source, stop);
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        if (shows_one(list, i) && !hidden[i])
            index.frames.push_back({index.packets[i].order, static_cast<std::int32_t>(i), 0});
    }
    std::sort(index.frames.begin(), index.frames.end(),
              [](const index::FrameEntry& a, const index::FrameEntry& b) { return a.pts < b.pts; });
}

/// The frames in this order; a packet may be named more than once. Its rank is the place where it is named first.
void list_in_order(FrameIndex& index, const PacketList& list, const std::vector<std::int32_t>& ordinals) {
    std::vector<std::int64_t> ranks(index.packets.size(), -1);
    std::vector<std::int32_t> parts(index.packets.size());
    for (std::size_t i = 0; i < ordinals.size(); ++i) {
        const auto ordinal = static_cast<std::size_t>(ordinals[i]);
        if (ranks[ordinal] < 0) ranks[ordinal] = static_cast<std::int64_t>(i);
        if (!list.hidden[ordinal]) index.frames.push_back({0, ordinals[i], parts[ordinal]++});
    }
    std::int64_t last_rank = 0;
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        last_rank = std::max(last_rank, ranks[i]);
        // What is not named may be shown under another's name and be referred to: it leads no entry.
        packet.order = ranks[i] >= 0 ? ranks[i] : packet.completes_previous ? index.packets[i - 1].order : last_rank;
        packet.entry = packet.entry && ranks[i] >= 0;
    }
}

/// Fields that could not be paired by their headers: those that name no frame belong to the picture before them.
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

/// Step 1, the other codecs.
std::vector<std::int32_t> codec_display_order(const PacketList& list) {
    std::vector<std::int32_t> ordinals;
    std::int32_t held = -1;
    for (std::size_t i = 0; i < list.shown.size(); ++i) {
        if (list.shown[i] == 0) continue;
        auto ordinal = static_cast<std::int32_t>(i);
        if (list.delayed[i]) std::swap(ordinal, held);
        if (ordinal >= 0) ordinals.insert(ordinals.end(), static_cast<std::size_t>(list.shown[i]), ordinal);
    }
    if (held >= 0) ordinals.push_back(held);
    return ordinals;
}

/// A run does not send the pictures that lead its entry, so it may not begin where one of them brings headers.
void drop_entries_with_headers_in_leading(FrameIndex& index, const PacketList& list) {
    PacketEntry* entry = nullptr;
    for (std::size_t i = 0; i < index.packets.size(); ++i) {
        PacketEntry& packet = index.packets[i];
        if (packet.entry) {
            entry = &packet;
        } else if (entry != nullptr && list.headers[i] && packet.order < entry->order) {
            entry->entry = false;
        }
    }
}

}  // namespace

void list_frames(FrameIndex& index, const PacketList& list, const Source& source, const Stop& stop) {
    const bool nal_units = bitstream::has_nal_units(bitstream::codec_of(index.codec));
    if (display_known_for_all(list) && nal_units && distinct_timestamps(list) && ordered_by_time(index, list)) {
        list_by_pts(index, list, source, stop);
    } else {
        if (display_known_for_all(list) && !nal_units) {
            list_in_order(index, list, codec_display_order(list));
        } else {
            index.reorder_depth = max_reorder_depth;
            const std::vector<std::int32_t> order = decoded_order(index, source, true, stop);
            if (!display_known_for_all(list) && index.codec == "h264") join_fields(index, order);
            list_in_order(index, list, order);
        }
        index.reorder_depth = reorder_depth(index.packets);
        set_frame_times(index, list);
    }
    drop_entries_with_headers_in_leading(index, list);
    if (index.frames.empty())
        throw base::Failure(base::ErrorCode::corrupt, base::Stage::index, "no picture of the video stream is shown");
    if (index.frames.size() > index::most_frames)
        throw base::Failure(base::ErrorCode::unsupported, base::Stage::index,
                            "the stream has more than " + std::to_string(index::most_frames) + " pictures");
    index.last_duration = std::max<std::int64_t>(0, list.last_duration);
    if (index.last_duration == 0 && index.frames.size() > 1) {  // the container does not say: as long as the one before
        const std::int64_t step = index.frames.back().pts - index.frames[index.frames.size() - 2].pts;
        index.last_duration = std::clamp<std::int64_t>(step, 0, index::latest_time);
    }
}

}  // namespace kf::indexing
