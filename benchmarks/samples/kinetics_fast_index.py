"""kinetics_fast with the frame indices that a scan saved, instead of an index that is built for each clip.

The index of a scan lies beside the folders of the copies. A clip costs what it costs a loader: the record is
read from the index, and its frame index is unpacked.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.source import open_source
from kinetics_fast._decode.video import video_of

from . import Box, Sample
from .kinetics_fast import VERSION as VERSION
from .kinetics_fast import decode

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def scanned(folder: Path) -> tuple[kf.Dataset, dict[str, int]]:
    """Return the data set of a folder that was scanned, and the number of each file in the data set."""
    dataset = kf.Dataset.from_index(folder)
    return dataset, {str(record.source): number for number, record in enumerate(dataset)}


def open_video(path: str) -> kf.Video:
    """Return a video with its saved index."""
    dataset, numbers = scanned(Path(path).parents[1])
    saved = dataset[numbers[path]].frame_index
    assert saved is not None
    return video_of(open_source(path, path), _core.FrameIndex.unpack(saved))


def read(path: str, indices: Sequence[int], box: Box) -> Sample:
    """Decode one clip with one decoder thread."""
    sample: Sample = decode([kf.Clip(open_video(path), indices=indices, box=box)], 1).frames[0]
    return sample


def read_batch(requests: Sequence[tuple[str, Sequence[int], Box]], threads: int) -> Sample:
    """Decode clips of many videos in one call."""
    clips = [kf.Clip(open_video(path), indices=indices, box=box) for path, indices, box in requests]
    return decode(clips, threads).frames
