// Which pictures one H.264 packet holds, frames or fields, and which fields make a frame together: from slice headers, by
// the parameter sets seen so far. Pure; one owner; never trusts a length.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "bitstream/poc.hpp"

namespace kf::bitstream {

enum class PictureStructure : std::uint8_t { frame, top_field, bottom_field };

class H264Fields {
public:
    /// What a packet's pictures come to, after those of the packets before it.
    enum class Pairing : std::uint8_t {
        whole,         ///< one frame, or both fields of one
        first_field,   ///< one field, whose other one should come in the next packet
        second_field,  ///< the other one
        unclear,       ///< no picture that its header tells, more than one, or fields that do not match
    };

    /// Takes in the parameter sets of an avcC record, or of a packet with start codes where nal_length_size is 0.
    void read_record(std::span<const std::uint8_t> record, int nal_length_size) noexcept;
    [[nodiscard]] Pairing read_packet(std::span<const std::uint8_t> bytes, int nal_length_size) noexcept;
    /// Whether a first field still waits for the other one.
    [[nodiscard]] bool waits() const noexcept { return waiting_.has_value(); }
    /// Compares the last packet's first picture with others by presentation; nothing where its header does not tell.
    [[nodiscard]] std::optional<std::int64_t> order() const noexcept { return order_; }
    /// Whether a sequence seen so far may show pictures in another order than they are coded in.
    [[nodiscard]] bool may_reorder() const noexcept { return may_reorder_; }
    /// Whether every sequence seen so far has frames alone.
    [[nodiscard]] bool frames_only() const noexcept { return frames_only_; }
    /// Whether pictures that others refer to are missing before the last packet's, by its frame number (ITU-T H.264, 7.4.3),
    /// and no sequence lets them be missing. libavcodec counts on from pictures that nothing refers to as well; this does
    /// not.
    [[nodiscard]] bool follows_loss() const noexcept { return gap_ && !allows_gaps_; }
    /// The next packet may follow anything.
    void forget() noexcept { last_frame_num_.reset(); }
    /// Whether a sequence seen so far lets pictures be missing that others could refer to.
    [[nodiscard]] bool allows_gaps() const noexcept { return allows_gaps_; }

private:
    struct Sps {
        bool known = false;
        bool frame_mbs_only = true;
        bool separate_colour_planes = false;
        int frame_num_bits = 0;
        unsigned pic_order_cnt_type = 0;
        int poc_lsb_bits = 0;
    };
    struct Picture {
        PictureStructure structure = PictureStructure::frame;
        unsigned frame_num = 0;
        int frame_num_bits = 0;
        bool idr = false;
        bool reference = false;  ///< others may refer to it
        unsigned poc_lsb = 0;    ///< the last bits of its order count
        unsigned pic_order_cnt_type = 0;
        int poc_lsb_bits = 0;
    };

    void read_nal(std::span<const std::uint8_t> nal) noexcept;
    void read_sps(std::span<const std::uint8_t> payload) noexcept;
    void add_slice(std::span<const std::uint8_t> nal) noexcept;
    void follow_poc() noexcept;
    void follow_frame_num() noexcept;
    [[nodiscard]] static bool match(const Picture& a, const Picture& b) noexcept;

    std::array<Sps, 32> sps_{};
    std::array<std::uint8_t, 256> sps_of_pps_{};
    bool frames_only_ = true;
    bool allows_gaps_ = false;
    bool may_reorder_ = false;
    PocUnwrapper poc_;
    std::optional<Picture> waiting_;
    std::optional<unsigned> last_frame_num_;  // its frame number
    // Of the packet that is read:
    std::array<Picture, 2> pictures_{};
    int count_ = 0;
    bool readable_ = true;
    bool gap_ = false;
    std::optional<std::int64_t> order_;
};

}  // namespace kf::bitstream
