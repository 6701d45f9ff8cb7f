"""torchcodec: get_frames_at in exact mode, channels last. It needs FFmpeg's shared libraries."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import torch
import torchcodec.decoders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Frames

VERSION: str = version("torchcodec")
DECODERS: Any = torchcodec.decoders  # the stubs of torchcodec do not export VideoDecoder

torch.set_num_threads(1)


def read(path: str, indices: Sequence[int]) -> Frames:
    """Decode one clip with one decoder thread."""
    decoder = DECODERS.VideoDecoder(path, dimension_order="NHWC", num_ffmpeg_threads=1, seek_mode="exact")
    frames: Frames = decoder.get_frames_at(list(indices)).data.numpy()
    return frames
