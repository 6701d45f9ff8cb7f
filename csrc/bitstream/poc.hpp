// Picture order counts of H.264 and HEVC, made comparable over a whole stream: within a coded sequence pictures are shown in
// the order of their counts, and sequences one after the other. Pure; one owner.
#pragma once

#include <cstdint>

namespace kf::bitstream {

class PocUnwrapper {
public:
    /// The next picture is shown after all that came before.
    void begin_sequence() noexcept {
        ++sequence_;
        high_ = low_ = 0;
    }

    /// low: the count's last `bits` bits, which is what a slice header holds. anchor: the counts of later pictures are told
    /// by this one's (ITU-T H.264, 8.2.1.1; ITU-T H.265, 8.3.1).
    std::int64_t next(unsigned low, int bits, bool anchor) noexcept {
        const std::int64_t size = std::int64_t{1} << bits;
        const std::int64_t step = std::int64_t{low} - low_;
        const std::int64_t high = step <= -size / 2 ? high_ + size : step > size / 2 ? high_ - size : high_;
        if (anchor) {
            high_ = high;
            low_ = low;
        }
        return (sequence_ << sequence_shift) + high + low;
    }

    /// Of a picture that is shown after those before it.
    std::int64_t next_in_line() noexcept {
        ++high_;
        return (sequence_ << sequence_shift) + high_;
    }

private:
    static constexpr int sequence_shift = 34;
    std::int64_t sequence_ = 0;
    std::int64_t high_ = 0;
    std::int64_t low_ = 0;
};

}  // namespace kf::bitstream
