#include "bitstream/h264_fields.hpp"

#include <algorithm>

#include "bitstream/h264_packet.hpp"
#include "bitstream/nal_units.hpp"

namespace kf::bitstream {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::array high_profiles{100U, 110U, 122U, 244U, 44U, 83U, 86U, 118U, 128U, 138U, 139U, 134U, 135U};

int signed_golomb(PayloadBits& reader) noexcept {
    const unsigned code = reader.unsigned_golomb();
    const auto half = static_cast<int>(code / 2 + code % 2);
    return code % 2 != 0 ? half : -half;
}

void skip_scaling_list(PayloadBits& reader, int size) noexcept {
    int last = 8;
    int next = 8;
    for (int i = 0; i < size; ++i) {
        if (next != 0) next = (last + signed_golomb(reader)) & 255;
        last = next == 0 ? last : next;
    }
}

/// ITU-T H.264, 7.3.2.1.1: what high profiles add. True where the planes are coded apart.
bool skip_chroma_format(PayloadBits& reader) noexcept {
    const unsigned format = reader.unsigned_golomb();
    const bool separate = format == 3 && reader.bit() != 0;
    (void)reader.unsigned_golomb();
    (void)reader.unsigned_golomb();
    (void)reader.bit();
    if (reader.bit() != 0) {
        for (int i = 0; i < (format == 3 ? 12 : 8); ++i) {
            if (reader.bit() != 0) skip_scaling_list(reader, i < 6 ? 16 : 64);
        }
    }
    return separate;
}

}  // namespace

void H264Fields::read_sps(Bytes payload) noexcept {
    PayloadBits reader(payload);
    const unsigned profile = reader.byte();
    reader.byte();
    reader.byte();
    const unsigned id = reader.unsigned_golomb();
    if (id >= sps_.size()) return;
    Sps sequence;
    sequence.known = true;
    if (std::find(high_profiles.begin(), high_profiles.end(), profile) != high_profiles.end())
        sequence.separate_colour_planes = skip_chroma_format(reader);
    const unsigned frame_num_bits = reader.unsigned_golomb();
    sequence.frame_num_bits = static_cast<int>(std::min(frame_num_bits, 12U)) + 4;
    sequence.pic_order_cnt_type = reader.unsigned_golomb();
    if (sequence.pic_order_cnt_type == 0) {
        sequence.poc_lsb_bits = static_cast<int>(std::min(reader.unsigned_golomb(), 12U)) + 4;
    } else if (sequence.pic_order_cnt_type == 1) {
        (void)reader.bit();
        (void)reader.unsigned_golomb();
        (void)reader.unsigned_golomb();
        const unsigned cycle = std::min(reader.unsigned_golomb(), 255U);
        for (unsigned i = 0; i < cycle; ++i) (void)reader.unsigned_golomb();
    }
    (void)reader.unsigned_golomb();  // reference frames
    allows_gaps_ = reader.bit() != 0 || allows_gaps_;
    (void)reader.unsigned_golomb();  // width
    (void)reader.unsigned_golomb();  // height
    sequence.frame_mbs_only = reader.bit() != 0;
    frames_only_ = frames_only_ && sequence.frame_mbs_only;
    may_reorder_ = may_reorder_ || sequence.pic_order_cnt_type != 2;
    sps_[id] = sequence;
}

void H264Fields::add_slice(Bytes nal) noexcept {
    PayloadBits reader(nal.subspan(1));
    const unsigned first_macroblock = reader.unsigned_golomb();
    (void)reader.unsigned_golomb();
    const unsigned set = reader.unsigned_golomb();
    const Sps* sequence = set < 256 ? &sps_[sps_of_pps_[set]] : nullptr;
    if (sequence == nullptr || !sequence->known) {
        readable_ = false;
        return;
    }
    if (sequence->separate_colour_planes) (void)reader.bits(2);
    Picture picture;
    picture.frame_num_bits = sequence->frame_num_bits;
    picture.frame_num = reader.bits(sequence->frame_num_bits);
    picture.idr = (nal[0] & 31U) == 5;
    picture.reference = (nal[0] >> 5 & 3U) != 0;
    if (!sequence->frame_mbs_only && reader.bit() != 0)
        picture.structure = reader.bit() != 0 ? PictureStructure::bottom_field : PictureStructure::top_field;
    if (picture.idr) (void)reader.unsigned_golomb();  // idr_pic_id
    picture.pic_order_cnt_type = sequence->pic_order_cnt_type;
    picture.poc_lsb_bits = sequence->poc_lsb_bits;
    picture.poc_lsb = reader.bits(sequence->poc_lsb_bits);
    const bool same = count_ > 0 && count_ <= 2 && first_macroblock != 0 &&
                      pictures_[static_cast<std::size_t>(count_) - 1].structure == picture.structure;
    if (same) return;
    if (count_ < 2) pictures_[static_cast<std::size_t>(count_)] = picture;
    ++count_;
}

void H264Fields::read_nal(Bytes nal) noexcept {
    const unsigned type = nal.empty() ? 0 : nal[0] & 31U;
    if (type == h264_sps) {
        read_sps(nal.subspan(1));
    } else if (type == h264_pps) {
        PayloadBits reader(nal.subspan(1));
        const unsigned id = reader.unsigned_golomb();
        const unsigned sequence = reader.unsigned_golomb();
        if (id < 256 && sequence < sps_.size()) sps_of_pps_[id] = static_cast<std::uint8_t>(sequence);
    } else if (type == 1 || type == 2 || type == 5) {
        add_slice(nal);
    }
}

void H264Fields::read_record(Bytes record, int nal_length_size) noexcept {
    if (nal_length_size == 0) {
        for_each_nal(record, 0, [this](Bytes nal, bool) { read_nal(nal); });
    } else {
        for_each_set_in_avcc(record, [this](Bytes nal) { read_nal(nal); });
    }
}

bool H264Fields::match(const Picture& a, const Picture& b) noexcept {
    return a.structure != PictureStructure::frame && b.structure != PictureStructure::frame && a.structure != b.structure &&
           a.frame_num == b.frame_num;
}

void H264Fields::follow_poc() noexcept {
    order_.reset();
    if (!readable_) return;
    for (int i = 0; i < std::min(count_, 2); ++i) {
        const Picture& picture = pictures_[static_cast<std::size_t>(i)];
        if (picture.pic_order_cnt_type == 1) return;  // counted from frame numbers, which hardly any encoder does
        if (picture.idr && !waiting_ && i == 0) poc_.begin_sequence();
        const std::int64_t order = picture.pic_order_cnt_type == 0
                                       ? poc_.next(picture.poc_lsb, picture.poc_lsb_bits, picture.reference)
                                       : poc_.next_in_line();
        if (i == 0) order_ = order;
    }
}

void H264Fields::follow_frame_num() noexcept {
    gap_ = false;
    if (!readable_ || count_ == 0) return;
    const Picture& picture = pictures_[0];
    const unsigned next = (last_frame_num_.value_or(0) + 1) & ((1U << picture.frame_num_bits) - 1);
    gap_ = last_frame_num_ && !picture.idr && picture.frame_num != *last_frame_num_ && picture.frame_num != next;
    if (picture.reference) last_frame_num_ = picture.frame_num;
}

H264Fields::Pairing H264Fields::read_packet(Bytes bytes, int nal_length_size) noexcept {
    count_ = 0;
    readable_ = true;
    for_each_nal(bytes, nal_length_size, [this](Bytes nal, bool) { read_nal(nal); });
    follow_poc();
    follow_frame_num();
    if (!readable_ || count_ == 0 || count_ > 2) return Pairing::unclear;
    const Picture& picture = pictures_[0];
    if (count_ == 2) return !waiting_ && match(picture, pictures_[1]) ? Pairing::whole : Pairing::unclear;
    if (waiting_) {
        const bool matched = match(*waiting_, picture);
        waiting_.reset();
        return matched ? Pairing::second_field : Pairing::unclear;
    }
    if (picture.structure == PictureStructure::frame) return Pairing::whole;
    waiting_ = picture;
    return Pairing::first_field;
}

}  // namespace kf::bitstream
