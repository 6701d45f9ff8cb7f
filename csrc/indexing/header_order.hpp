// Whether the order that a container's header gives can be believed without reading the packets. Pure, any thread.
#pragma once

#include <vector>

#include "indexing/packet_list.hpp"

namespace kf::indexing {

/// True where the packets have to be read to know the order in which their pictures are shown. may_reorder: the parameter
/// sets allow that pictures are shown in another order than they are coded in.
[[nodiscard]] bool header_order_is_doubtful(const std::vector<PacketNotes>& list, bool may_reorder);

}  // namespace kf::indexing
