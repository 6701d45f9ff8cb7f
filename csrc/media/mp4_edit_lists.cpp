#include "media/mp4_edit_lists.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/bytes.hpp"

namespace kf::media {
namespace {

constexpr std::size_t header_bytes = 16;  // size, type, then a 64-bit size or, in an edit list, its version and entry count
constexpr std::int64_t edit_bytes = 12;   // the smallest entry of an edit list
constexpr int most_boxes = 4096;          // that are looked at in one file

constexpr std::uint32_t box_type(const char (&name)[5]) {
    std::uint32_t type = 0;
    for (int i = 0; i < 4; ++i) type = type << 8 | static_cast<std::uint8_t>(name[i]);
    return type;
}

class BoxWalk {
public:
    explicit BoxWalk(const Source& source) : source_(source) {}

    std::int64_t most_edits(std::int64_t begin, std::int64_t end) {
        std::int64_t most = 0;
        while (begin + 8 <= end && boxes_++ < most_boxes) {
            std::array<std::uint8_t, header_bytes> header{};
            (void)source_.read_at(begin, header);
            const auto number = [&header](std::size_t at, std::size_t bytes) {
                return static_cast<std::uint64_t>(base::big_endian(std::span(header).subspan(at, bytes)));
            };
            const std::uint64_t short_size = number(0, 4);
            const auto type = static_cast<std::uint32_t>(number(4, 4));
            const std::int64_t head = short_size == 1 ? 16 : 8;
            const std::uint64_t size = short_size == 1 ? number(8, 8) : short_size;
            const auto left = static_cast<std::uint64_t>(end - begin);
            const std::int64_t next = size == 0 || size > left ? end : begin + static_cast<std::int64_t>(size);
            if (type == box_type("moov") || type == box_type("trak") || type == box_type("edts")) {
                most = std::max(most, most_edits(begin + head, next));
            } else if (type == box_type("elst")) {
                most = std::max(most, std::min(static_cast<std::int64_t>(number(12, 4)), (next - begin) / edit_bytes));
            }
            if (next < begin + head) break;
            begin = next;
        }
        return most;
    }

private:
    const Source& source_;
    int boxes_ = 0;
};

}  // namespace

std::int64_t longest_edit_list(const Source& source) {
    return BoxWalk(source).most_edits(0, source.size());
}

}  // namespace kf::media
