#include "media/matroska_encryption.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.hpp"

namespace kf::media {
namespace {

// Element IDs: RFC 9559, section 5.
constexpr std::uint32_t segment = 0x18538067;
constexpr std::uint32_t tracks = 0x1654AE6B;
constexpr std::uint32_t track_entry = 0xAE;
constexpr std::uint32_t track_type = 0x83;
constexpr std::uint32_t content_encodings = 0x6D80;
constexpr std::uint32_t content_encoding = 0x6240;
constexpr std::uint32_t content_encoding_type = 0x5033;
constexpr std::uint32_t content_encryption = 0x5035;

constexpr std::uint64_t video = 1;       // TrackType
constexpr std::uint64_t encryption = 1;  // ContentEncodingType
constexpr int most_elements = 4096;      // that are looked at in one file
constexpr std::size_t longest_id = 4;
constexpr std::size_t longest_size = 8;

struct Element {
    std::uint32_t id = 0;
    std::int64_t begin = 0;  ///< of the content
    std::int64_t end = 0;    ///< never behind the end of what the element lies in
};

class ElementWalk {
public:
    explicit ElementWalk(const Source& source) : source_(source) {}

    [[nodiscard]] bool finds_encrypted_track(int place) {
        bool encrypted = false;
        int video_tracks = 0;
        const auto look_at_track = [&](const Element& track) {
            if (has_number(track, track_type, video) && video_tracks++ == place) encrypted = is_encrypted(track);
        };
        for_each({0, 0, source_.size()}, segment, [&](const Element& whole) {
            for_each(whole, tracks, [&](const Element& list) { for_each(list, track_entry, look_at_track); });
        });
        return encrypted;
    }

private:
    /// Element header: RFC 8794, sections 4 and 5. A size of which all bits are set is unknown.
    [[nodiscard]] std::optional<Element> read(std::int64_t at, std::int64_t end) {
        std::array<std::uint8_t, longest_id + longest_size> header{};
        (void)source_.read_at(at, header);
        const auto id_bytes = static_cast<std::size_t>(std::countl_zero(header[0])) + 1;
        if (id_bytes > longest_id) return {};
        const auto size_bytes = static_cast<std::size_t>(std::countl_zero(header[id_bytes])) + 1;
        if (size_bytes > longest_size) return {};
        const auto bytes = std::span<const std::uint8_t>(header);
        const auto id = static_cast<std::uint32_t>(base::big_endian(bytes.first(id_bytes)));
        const std::uint64_t mask = (std::uint64_t{1} << 7 * size_bytes) - 1;
        const std::uint64_t size = base::big_endian(bytes.subspan(id_bytes, size_bytes)) & mask;
        const std::int64_t begin = at + static_cast<std::int64_t>(id_bytes + size_bytes);
        if (begin > end) return {};
        const auto left = static_cast<std::uint64_t>(end - begin);
        return Element{id, begin, size == mask || size > left ? end : begin + static_cast<std::int64_t>(size)};
    }

    template <class Visit>
    void for_each(const Element& parent, std::uint32_t id, Visit visit) {
        for (std::int64_t at = parent.begin; at < parent.end && elements_++ < most_elements;) {
            const auto child = read(at, parent.end);
            if (!child) return;
            if (child->id == id) visit(*child);
            at = child->end;
        }
    }

    [[nodiscard]] bool has_number(const Element& parent, std::uint32_t id, std::uint64_t number) {
        bool found = false;
        for_each(parent, id, [&](const Element& child) {
            std::array<std::uint8_t, longest_size> bytes{};
            const auto size = std::min<std::int64_t>(child.end - child.begin, longest_size);
            const auto content = std::span(bytes).first(static_cast<std::size_t>(size));
            (void)source_.read_at(child.begin, content);
            found = base::big_endian(content) == number;
        });
        return found;
    }

    [[nodiscard]] bool is_encrypted(const Element& track) {
        bool found = false;
        for_each(track, content_encodings, [&](const Element& list) {
            for_each(list, content_encoding, [&](const Element& one) {
                found = found || has_number(one, content_encoding_type, encryption);
                for_each(one, content_encryption, [&](const Element&) { found = true; });
            });
        });
        return found;
    }

    const Source& source_;
    int elements_ = 0;
};

}  // namespace

bool is_encrypted_track(const Source& source, int place) {
    return ElementWalk(source).finds_encrypted_track(place);
}

}  // namespace kf::media
