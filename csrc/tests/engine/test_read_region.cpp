// What a run reads of its pictures. Expected values are worked out by hand.
#include <doctest/doctest.h>

#include <vector>

#include "engine/read_region.hpp"

using namespace kf;
using engine::Destination;

namespace {

struct Asked {
    Asked() {
        index.width = 100;
        index.height = 60;
        for (const convert::Box& box : {convert::Box{10.5, 4, 20, 20}, convert::Box{50, 8, 50.2, 60}})
            request.rows.push_back({0, 0, {0}, box, false});
        request.rows.push_back({0, 0, {0}, {}, false});
    }
    [[nodiscard]] std::optional<media::Region> region(const std::vector<std::int32_t>& rows) const {
        std::vector<Destination> destinations;
        for (const std::int32_t row : rows) destinations.push_back({0, 0, row, 0});
        return engine::read_region(request, index, destinations);
    }
    index::FrameIndex index;
    engine::DecodeRequest request;
};

void check(const std::optional<media::Region>& region, int left, int top, int right, int bottom) {
    REQUIRE(region);
    CHECK(region->left == left);
    CHECK(region->top == top);
    CHECK(region->right == right);
    CHECK(region->bottom == bottom);
}

}  // namespace

TEST_CASE("a box reads every pixel that it touches, inside of the picture") {
    const Asked asked;
    check(asked.region({0}), 10, 4, 31, 24);
    check(asked.region({1}), 50, 8, 100, 60);
}

TEST_CASE("several boxes read the rectangle around them") {
    check(Asked().region({0, 1, 0}), 10, 4, 100, 60);
}

TEST_CASE("whole pictures have no region") {
    CHECK(!Asked().region({2}));
    CHECK(!Asked().region({0, 2}));
    Asked planes;
    planes.request.output.planes = true;
    CHECK(!planes.region({0}));
}

TEST_CASE("pictures that are turned or cropped have no region") {
    Asked turned;
    turned.index.orientation.clockwise = 90;
    CHECK(!turned.region({0}));
    Asked cropped;
    cropped.index.cropping.left = 2;
    CHECK(!cropped.region({0}));
}
