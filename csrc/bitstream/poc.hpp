// Picture order counts (POC) of H.264 and HEVC, made comparable over a whole stream. A slice header holds only the last bits
// of a POC, and every coded video sequence counts from 0 again. Header only; any thread, one owner.
#pragma once

#include <cstdint>

namespace kf::bitstream {

class PocUnwrapper {
public:
    /// A coded video sequence begins: its pictures are shown after all pictures so far.
    void begin_sequence() noexcept {
        ++sequence_;
        msb_ = lsb_ = 0;
    }

    /// lsb: pic_order_cnt_lsb, which has `bits` bits. anchor: the POCs of later pictures are derived from this one's (ITU-T
    /// H.264, 8.2.1.1: a reference picture; ITU-T H.265, 8.3.1: prevTid0Pic).
    std::int64_t next(unsigned lsb, int bits, bool anchor) noexcept {
        const std::int64_t max_lsb = std::int64_t{1} << bits;
        const std::int64_t step = std::int64_t{lsb} - lsb_;
        const std::int64_t msb = step <= -max_lsb / 2 ? msb_ + max_lsb : step > max_lsb / 2 ? msb_ - max_lsb : msb_;
        if (anchor) {
            msb_ = msb;
            lsb_ = lsb;
        }
        return (sequence_ << sequence_shift) + msb + lsb;
    }

    /// For pic_order_cnt_type 2: pictures are shown in the order in which they are coded (ITU-T H.264, 8.2.1.3).
    std::int64_t next_in_coded_order() noexcept {
        ++msb_;
        return (sequence_ << sequence_shift) + msb_;
    }

private:
    static constexpr int sequence_shift = 34;
    std::int64_t sequence_ = 0;
    std::int64_t msb_ = 0;
    std::int64_t lsb_ = 0;
};

}  // namespace kf::bitstream
