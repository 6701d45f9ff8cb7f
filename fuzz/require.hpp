// What a target says when something that must hold does not: it ends the process, as a sanitizer's finding does, so that the
// input that did it is kept.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace kf::fuzz {

inline void require(bool holds, const std::string& what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what.c_str());
    std::abort();
}

}  // namespace kf::fuzz
