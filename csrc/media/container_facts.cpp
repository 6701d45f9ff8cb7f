#include "media/container_facts.hpp"

#include "media/demuxer.hpp"

namespace kf::media {

ContainerFacts container_facts(const Source& source) {
    const Demuxer demuxer(source, first_video_stream);
    return {demuxer.format(), demuxer.streams()};
}

}  // namespace kf::media
