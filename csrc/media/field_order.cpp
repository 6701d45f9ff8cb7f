#include "media/field_order.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <vector>

#include "media/decoder_setup.hpp"
#include "media/ffmpeg_log.hpp"
#include "media/handles.hpp"

namespace kf::media {
namespace {

constexpr std::size_t bytes_with_headers = std::size_t{1} << 16;  // parsers stop at the first slice

using ParserHandle = std::unique_ptr<AVCodecParserContext, decltype([](AVCodecParserContext* p) { av_parser_close(p); })>;

/// Only where the parser tells an order: the parser of HEVC gives out pic_struct in its place.
ParserHandle parser_of(AVCodecID codec) noexcept {
    constexpr std::array tell{AV_CODEC_ID_H264, AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_VC1,
                              AV_CODEC_ID_VP8};
    return ParserHandle(std::find(tell.begin(), tell.end(), codec) == tell.end() ? nullptr : av_parser_init(codec));
}

}  // namespace

struct FieldOrderParser::Impl {
    // Parsers write what they find into a codec's context, so this one has a context of its own.
    explicit Impl(const index::FrameIndex& index)
        : order(index.properties.field_order), context(set_up_decoder(index, INT_MAX)),
          parser(parser_of(context->codec_id)) {
        context->field_order = static_cast<AVFieldOrder>(order);
        if (parser) parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    }
    std::int32_t order;
    CodecHandle context;  // null once the order is known
    ParserHandle parser;  // as is this, and where no parser tells the order
};

FieldOrderParser::FieldOrderParser(const index::FrameIndex& index) : impl_(std::make_unique<Impl>(index)) {}

FieldOrderParser::~FieldOrderParser() = default;

void FieldOrderParser::read(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> head) {
    if (!impl_->parser || order() != AV_FIELD_UNKNOWN) return;
    std::vector<std::uint8_t> packet(head.begin(), head.end());
    const auto some = bytes.first(std::min(bytes.size(), bytes_with_headers));
    packet.insert(packet.end(), some.begin(), some.end());
    const auto size = static_cast<int>(packet.size());
    packet.resize(packet.size() + AV_INPUT_BUFFER_PADDING_SIZE);
    std::uint8_t* frame = nullptr;
    int frame_size = 0;
    (void)av_parser_parse2(impl_->parser.get(), impl_->context.get(), &frame, &frame_size, packet.data(), size,
                           AV_NOPTS_VALUE, AV_NOPTS_VALUE, -1);
    (void)take_log_line();  // the decoder says what is wrong with the packet
    impl_->order = impl_->context->field_order;
    if (impl_->order == AV_FIELD_UNKNOWN) return;
    // The decoder that opens next gets the memory of the parser, 200 kB for H.264. With both at once, the heap grows so far
    // that malloc gives its top back to the system, and the next index touches these pages anew.
    impl_->parser.reset();
    impl_->context.reset();
}

std::int32_t FieldOrderParser::order() const noexcept {
    return impl_->order;
}

bool FieldOrderParser::needs_second_field() const noexcept {
    const bool field = impl_->parser && (impl_->parser->picture_structure == AV_PICTURE_STRUCTURE_TOP_FIELD ||
                                         impl_->parser->picture_structure == AV_PICTURE_STRUCTURE_BOTTOM_FIELD);
    return field && order() == AV_FIELD_UNKNOWN;
}

}  // namespace kf::media
