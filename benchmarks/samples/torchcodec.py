"""torchcodec: get_frames_at, then OpenCV from the crop to the sample.

OpenCV is used because torch's interpolate and arithmetic on the crop take longer. torchcodec can crop within
the decoder, but only for one crop per decoder, and we measured no gain.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import torch
import torchcodec.decoders

from . import Box, Sample, recycled_samples
from .placing import place_frame, place_views

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

VERSION: str = version("torchcodec")
DECODERS: Any = torchcodec.decoders  # the stubs of torchcodec do not export VideoDecoder

torch.set_num_threads(1)


def read(path: str, indices: Sequence[int], box: Box) -> Sample:
    """Make one sample with one decoder thread."""
    sample: Sample = recycled_samples(1, len(indices))[0]
    for position, frame in enumerate(_frames(path, indices)):
        place_frame(frame, box, sample[:, position], bgr=False)
    return sample


def read_views(path: str, clips: Sequence[Sequence[int]], boxes: Sequence[Box]) -> Sample:
    """Decode all wanted frames in one call and cut all views out of them."""
    wanted = sorted({number for indices in clips for number in indices})
    return place_views(zip(wanted, _frames(path, wanted), strict=True), clips, boxes, bgr=False)


def _frames(path: str, indices: Sequence[int]) -> npt.NDArray[Any]:
    decoder = DECODERS.VideoDecoder(path, dimension_order="NHWC", num_ffmpeg_threads=1, seek_mode="exact")
    frames: npt.NDArray[Any] = decoder.get_frames_at(list(indices)).data.numpy()
    return frames
