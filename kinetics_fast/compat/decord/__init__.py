"""decord 0.6.0, reading with kinetics_fast."""

from __future__ import annotations

import kinetics_fast
from kinetics_fast.compat.decord.base import DECORDError, DECORDLimitReachedError
from kinetics_fast.compat.decord.video_reader import VideoReader

__all__ = ["DECORDError", "DECORDLimitReachedError", "VideoReader"]
__version__ = "0.6.0"
__kinetics_fast__ = kinetics_fast.__version__

for _public in (VideoReader,):
    _public.__module__ = __name__
