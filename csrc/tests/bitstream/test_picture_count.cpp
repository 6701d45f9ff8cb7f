// Which pictures are lost by their numbers in presentation order. Streams are in coded order.
#include <doctest/doctest.h>

#include <vector>

#include "bitstream/picture_count.hpp"

using kf::bitstream::PictureCount;
using enum kf::bitstream::PossibleLoss;

namespace {

using Picture = PictureCount::Picture;
using Losses = std::vector<kf::bitstream::PossibleLoss>;

Picture p(int number) {
    return {.number = number, .reference = true};
}

Picture b(int number) {
    return {.number = number};
}

Picture i(int number) {
    return {.number = number, .reference = true, .intra = true};
}

Losses losses(const std::vector<Picture>& pictures) {
    PictureCount count;
    Losses found;
    for (const Picture& picture : pictures) found.push_back(count.follow(picture));
    return found;
}

}  // namespace

TEST_CASE("references with all B-pictures between them follow no loss") {
    CHECK(losses({i(0), p(3), b(1), b(2), p(4), p(6), b(5), p(7)}) == Losses(8, none));
}

TEST_CASE("where the first B-picture between two references is missing, a reference may be") {
    CHECK(losses({i(0), p(6), b(4), b(5), p(9)}) == Losses{none, none, before_last_reference, none, none});
    CHECK(losses({i(0), p(1), p(3), p(4)}) == Losses{none, none, none, before_last_reference});
}

TEST_CASE("where another B-picture is missing, nothing refers to it") {
    CHECK(losses({i(0), p(4), b(1), b(3), p(5), p(6)}) == Losses(6, none));
    CHECK(losses({i(0), p(4), b(1), b(2), p(5), p(6)}) == Losses(6, none));
}

TEST_CASE("a B-picture outside of its references, and a reference that comes again, follow a loss") {
    CHECK(losses({i(0), p(3), b(4)}) == Losses{none, none, before_this});
    CHECK(losses({i(0), p(3), p(3)}) == Losses{none, none, before_this});
    CHECK(losses({i(2), b(0), b(1), b(4), p(8)}) == Losses{none, none, none, before_this, none});
}

TEST_CASE("an I-picture may start the numbers anew, and its leading pictures may be missing") {
    CHECK(losses({i(0), p(3), b(1), b(2), i(2), p(5), b(3), b(4)}) == Losses(8, none));
    CHECK(losses({i(0), p(3), b(1), b(2), i(6), p(9), b(7), b(8)}) == Losses(8, none));
}

TEST_CASE("numbers that do not count tell only by the references around a B-picture") {
    PictureCount count;
    const auto follow = [&count](Picture picture) {
        picture.counted = false;
        return count.follow(picture);
    };
    CHECK(follow(i(0)) == none);
    CHECK(follow(p(30)) == none);
    CHECK(follow(b(20)) == none);
    CHECK(follow(p(90)) == none);
    CHECK(follow(b(20)) == before_last_reference);
    CHECK(follow(p(150)) == none);
    CHECK(follow(b(150)) == behind_last_reference);
}

TEST_CASE("a B-picture that goes back behind the B-picture in front of it follows a loss, also behind the first reference") {
    for (const bool counted : {false, true}) {
        PictureCount count;
        Losses found;
        for (Picture picture : {i(15), b(13), b(14), b(4), i(11), b(9), b(10)}) {
            picture.counted = counted;
            found.push_back(count.follow(picture));
        }
        CHECK(found == Losses{none, none, none, before_this, none, none, none});
    }
}

TEST_CASE("a stream whose numbers are wrong in every picture is not believed") {
    PictureCount count;
    for (int number = 0; number < 20; ++number) (void)count.follow(p(0));
    CHECK_FALSE(count.believed());
    PictureCount whole;
    for (int number = 0; number < 20; ++number) (void)whole.follow(p(number == 19 ? 25 : number));
    CHECK(whole.believed());
}
