// Expected layouts follow from the names of FFmpeg's pixel formats, weights and sites from ITU-T H.273.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "media/pixel_format.hpp"
#include "media/planar_picture.hpp"

using kf::base::PixelLayout;
using kf::media::layout_of;
using kf::media::view_of;

namespace {

struct Case {
    AVPixelFormat format = AV_PIX_FMT_NONE;
    PixelLayout layout;
};

/// A frame of 6x4 samples whose planes are all the same memory.
struct TestFrame {
    explicit TestFrame(AVPixelFormat format) : frame(av_frame_alloc()) {
        frame->format = format;
        frame->width = 6;
        frame->height = 4;
        for (std::size_t p = 0; p < 3; ++p) {
            frame->data[p] = memory.data() + 64 * p;
            frame->linesize[p] = 16;
        }
    }
    std::array<std::uint8_t, 192> memory{};
    kf::media::FrameHandle frame;
};

}  // namespace

TEST_CASE("planar formats have a layout") {
    constexpr std::array cases{
        Case{AV_PIX_FMT_YUV420P, {3, 1, 1, 8}},    Case{AV_PIX_FMT_YUVJ420P, {3, 1, 1, 8}},
        Case{AV_PIX_FMT_YUV422P, {3, 1, 0, 8}},    Case{AV_PIX_FMT_YUV444P, {3, 0, 0, 8}},
        Case{AV_PIX_FMT_YUV410P, {3, 2, 2, 8}},    Case{AV_PIX_FMT_YUV411P, {3, 2, 0, 8}},
        Case{AV_PIX_FMT_YUV420P10, {3, 1, 1, 10}}, Case{AV_PIX_FMT_YUV422P12, {3, 1, 0, 12}},
        Case{AV_PIX_FMT_YUV444P16, {3, 0, 0, 16}}, Case{AV_PIX_FMT_GBRP, {3, 0, 0, 8}},
        Case{AV_PIX_FMT_GBRP10, {3, 0, 0, 10}},    Case{AV_PIX_FMT_GRAY8, {1, 0, 0, 8}},
        Case{AV_PIX_FMT_GRAY10, {1, 0, 0, 10}},
    };
    for (const auto& [format, layout] : cases) {
        CAPTURE(av_get_pix_fmt_name(format));
        REQUIRE(layout_of(format).has_value());
        CHECK(layout_of(format).value_or(PixelLayout{}) == layout);
    }
}

TEST_CASE("formats that the converter does not take have none, and some have planes to be moved into") {
    constexpr std::array cases{
        std::pair{AV_PIX_FMT_NV12, AV_PIX_FMT_YUV420P},     std::pair{AV_PIX_FMT_YUYV422, AV_PIX_FMT_YUV422P},
        std::pair{AV_PIX_FMT_RGB24, AV_PIX_FMT_GBRP},       std::pair{AV_PIX_FMT_PAL8, AV_PIX_FMT_GBRP},
        std::pair{AV_PIX_FMT_YUVA420P, AV_PIX_FMT_YUV420P}, std::pair{AV_PIX_FMT_VAAPI, AV_PIX_FMT_NONE},
        std::pair{AV_PIX_FMT_NONE, AV_PIX_FMT_NONE},
    };
    for (const auto& [format, planar] : cases) {
        CAPTURE(static_cast<int>(format));
        CHECK_FALSE(layout_of(format).has_value());
        CHECK(kf::media::PlanarPicture::format_for(format) == planar);
    }
}

TEST_CASE("a view shares the planes of the frame") {
    TestFrame test(AV_PIX_FMT_YUV420P10);
    const auto view = view_of(*test.frame).value_or(kf::base::PictureView{});
    CHECK(view.width == 6);
    CHECK(view.height == 4);
    CHECK(view.planes[0].data == test.memory.data());
    CHECK(view.planes[1].data == test.memory.data() + 64);
    CHECK(view.planes[1].width == 3);
    CHECK(view.planes[1].height == 2);
    CHECK(view.planes[2].row_stride == 16);
    CHECK(view.planes[0].pixel_stride == 2);
}

TEST_CASE("a stream that says nothing has BT.601, limited range and left siting") {
    TestFrame test(AV_PIX_FMT_YUV420P);
    const auto view = view_of(*test.frame).value_or(kf::base::PictureView{});
    CHECK(view.color == kf::base::ColorSpec{0.299, 0.114, false, false});
    CHECK(view.site == kf::base::ChromaSite{0.0, 0.5});
}

TEST_CASE("what a stream says of colour is taken") {
    TestFrame test(AV_PIX_FMT_YUV420P);
    test.frame->colorspace = AVCOL_SPC_BT709;
    test.frame->color_range = AVCOL_RANGE_JPEG;
    test.frame->chroma_location = AVCHROMA_LOC_TOPLEFT;
    const auto view = view_of(*test.frame).value_or(kf::base::PictureView{});
    CHECK(view.color == kf::base::ColorSpec{0.2126, 0.0722, true, false});
    CHECK(view.site == kf::base::ChromaSite{0.0, 0.0});
    test.frame->chroma_location = AVCHROMA_LOC_CENTER;
    CHECK(view_of(*test.frame).value_or(kf::base::PictureView{}).site == kf::base::ChromaSite{0.5, 0.5});
}

TEST_CASE("some formats have full range by themselves") {
    const auto is_full = [](AVPixelFormat format, AVColorRange range) {
        TestFrame test(format);
        test.frame->color_range = range;
        return view_of(*test.frame).value_or(kf::base::PictureView{}).color.full_range;
    };
    CHECK(is_full(AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_UNSPECIFIED));
    CHECK(is_full(AV_PIX_FMT_GBRP, AVCOL_RANGE_UNSPECIFIED));
    CHECK(is_full(AV_PIX_FMT_GRAY8, AVCOL_RANGE_UNSPECIFIED));
    CHECK_FALSE(is_full(AV_PIX_FMT_GRAY8, AVCOL_RANGE_MPEG));
    TestFrame rgb(AV_PIX_FMT_GBRP);
    CHECK(view_of(*rgb.frame).value_or(kf::base::PictureView{}).color.rgb);
}
