"""torchcodec 0.13.0, reading with kinetics_fast: `decoders`, `samplers` and `transforms`, on the CPU.

Signatures, defaults, shapes, dtypes, order and the types of errors are torchcodec's. What differs is listed
in
``docs/migrate.md``.
"""

from __future__ import annotations

import kinetics_fast
from kinetics_fast.compat.torchcodec import decoders, encoders, samplers, transforms
from kinetics_fast.compat.torchcodec._frame import Frame, FrameBatch
from kinetics_fast.compat.torchcodec._unavailable import AudioSamples

__all__ = [
    "AudioSamples",
    "Frame",
    "FrameBatch",
    "__version__",
    "decoders",
    "encoders",
    "ffmpeg_major_version",
    "samplers",
    "transforms",
]
__version__ = "0.13.0"
__kinetics_fast__ = kinetics_fast.__version__

ffmpeg_major_version = int(str(kinetics_fast.build_info()["ffmpeg"]).lstrip("n").partition(".")[0])
