"""decord 0.6.0, reading with kinetics_fast: `VideoReader`, `VideoLoader`, `bridge`, `cpu`, `gpu`, `nd`.

Signatures, defaults, shapes, dtypes, order, positions and the types of errors are decord's. What differs is
listed in
``docs/migrate.md``.
"""

from __future__ import annotations

import kinetics_fast
from kinetics_fast.compat.decord import bridge, logging, nd, ndarray
from kinetics_fast.compat.decord._ffi.base import __version__
from kinetics_fast.compat.decord.audio import AudioReader, AVReader
from kinetics_fast.compat.decord.base import ALL, DECORDError, DECORDLimitReachedError
from kinetics_fast.compat.decord.ndarray import cpu, gpu
from kinetics_fast.compat.decord.video_loader import VideoLoader
from kinetics_fast.compat.decord.video_reader import VideoReader

__all__ = [
    "ALL",
    "AVReader",
    "AudioReader",
    "DECORDError",
    "DECORDLimitReachedError",
    "VideoLoader",
    "VideoReader",
    "__version__",
    "bridge",
    "cpu",
    "gpu",
    "logging",
    "nd",
    "ndarray",
]
__kinetics_fast__ = kinetics_fast.__version__
