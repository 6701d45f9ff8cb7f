// A decode request without the engine: the same runs, one after the other in the calling thread. What a ticket gives must be
// this.
#pragma once

#include "engine/decode_request.hpp"

namespace kf::fuzz {

/// Of requests with one video. Throws Failure, as making a ticket does.
[[nodiscard]] engine::DecodeResult decode_directly(const engine::DecodeRequest& request);

}  // namespace kf::fuzz
