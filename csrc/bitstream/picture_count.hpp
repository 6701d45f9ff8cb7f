// Notices lost pictures of codecs that number pictures by presentation: temporal_reference of MPEG-1 and MPEG-2, the time of
// VOPs in MPEG-4. Pure; any thread, one owner.
//
//   1. A B-picture is shown between the two references coded last. Where its number says otherwise, a reference is lost:
//      behind the last one if the number is as high, and else perhaps in front of it. Where numbers do not count, B-pictures
//      behind the last reference may have seemed to be in their place, so that they count as behind the loss, too.
//   2. Between two references that follow each other in coded order, the missing numbers are those of B-pictures, which come
//      behind the second reference in ascending order. Where the first of them does not come, a reference may be lost in
//      front of the second reference. Where another one does not come, it was a B-picture, which nothing refers to.
//   3. The B-pictures behind a reference come in ascending order. Where one does not, a reference is lost in front of it.
//   4. Some encoders write such numbers in every picture. So a stream is believed where most of its intervals between
//      references are whole, which is known at its end.
#pragma once

#include <cstdint>
#include <optional>

#include "bitstream/packet_facts.hpp"

namespace kf::bitstream {

class PictureCount {
public:
    struct Picture {
        std::int64_t number = 0;
        bool reference = false;
        bool intra = false;
        bool counted = true;  ///< numbers go up by one; otherwise only their order is known
    };

    /// The next picture in coded order; a second field is none.
    [[nodiscard]] PossibleLoss follow(const Picture& picture) noexcept;
    /// Numbers start anew at the next picture.
    void begin() noexcept;
    [[nodiscard]] bool believed() const noexcept { return broken_ <= 1 + whole_ / 2; }
    /// Of the last reference.
    [[nodiscard]] std::optional<std::int64_t> last_number() const noexcept { return last_; }

private:
    [[nodiscard]] PossibleLoss follow_reference(const Picture& picture) noexcept;
    [[nodiscard]] PossibleLoss follow_between(const Picture& picture) noexcept;

    std::optional<std::int64_t> before_;   // the reference before the last one
    std::optional<std::int64_t> last_;     // the last reference
    std::optional<std::int64_t> between_;  // the last B-picture behind it
    bool last_intra_ = false;
    std::int64_t next_ = 0;  // the number of the next B-picture between them
    int whole_ = 0;          // intervals
    int broken_ = 0;
};

}  // namespace kf::bitstream
