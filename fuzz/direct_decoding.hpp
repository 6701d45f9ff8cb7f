// Decodes a request without the engine: the same runs, one after the other on the calling thread. The result of a ticket
// must equal this result.
#pragma once

#include "engine/decode_request.hpp"

namespace kf::fuzz {

/// The request must have one video. Throws Failure, as the constructor of a ticket does.
[[nodiscard]] engine::DecodeResult decode_directly(const engine::DecodeRequest& request);

}  // namespace kf::fuzz
