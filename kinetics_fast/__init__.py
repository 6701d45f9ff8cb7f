"""Exact training clips from video files, decoded on all CPUs straight into NumPy arrays."""

from __future__ import annotations

from typing import Any

try:
    from kinetics_fast import _core
except ImportError as _error:
    from kinetics_fast._unbuilt import explained

    raise explained(_error) from _error

from kinetics_fast import conventions
from kinetics_fast._decode.batch import Batch
from kinetics_fast._decode.clip import Clip
from kinetics_fast._decode.decode_clips import decode_clips
from kinetics_fast._decode.source import FileRange
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.video import Video
from kinetics_fast._decode.video_facts import VideoColor
from kinetics_fast._signatures import shorten_signatures
from kinetics_fast.crops import CenterCrop, RandomCrop, RandomResizedCrop, Resize, ThreeCrop
from kinetics_fast.datasets import Dataset, Kinetics, Record
from kinetics_fast.errors import (
    CorruptError,
    DecodeTimeout,
    Error,
    FrameRangeError,
    OpenError,
    ResourceError,
    TooManyFailures,
    UnsupportedError,
)
from kinetics_fast.loader import ClipBatch, ClipLoader, LoaderStats
from kinetics_fast.preparation.prepare import prepare
from kinetics_fast.remote.source import Remote
from kinetics_fast.samplers import DenseClips, RandomClips, SegmentFrames, UniformClips

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "CenterCrop",
    "Clip",
    "ClipBatch",
    "ClipLoader",
    "CorruptError",
    "Dataset",
    "DecodeTimeout",
    "DenseClips",
    "Error",
    "FileRange",
    "FrameRangeError",
    "FrameStatus",
    "Kinetics",
    "LoaderStats",
    "OpenError",
    "RandomClips",
    "RandomCrop",
    "RandomResizedCrop",
    "Record",
    "Remote",
    "Resize",
    "ResourceError",
    "SegmentFrames",
    "ThreeCrop",
    "TooManyFailures",
    "UniformClips",
    "UnsupportedError",
    "Video",
    "VideoColor",
    "build_info",
    "conventions",
    "decode_clips",
    "prepare",
]


def build_info() -> dict[str, Any]:
    """Return what this build consists of.

    Returns
    -------
    dict
        ``version``, ``ffmpeg``, ``dav1d``, ``bundled`` (whether FFmpeg is our own build), ``assembly``
        (whether FFmpeg has its hand-written assembly), ``damage_log_texts`` (whether FFmpeg logs every text
        that damage detection looks for; without one of them some damage goes unnoticed), ``license`` and
        ``configuration`` of libavcodec, ``compiler``.

    Examples
    --------
    >>> kf.build_info()["license"]
    'LGPL version 2.1 or later'
    """
    return dict(_core.build_info())


# Pickles and messages name these classes by the package: where a class is defined may change.
for _name in __all__:
    if isinstance(_public := globals().get(_name), type):
        _public.__module__ = __name__
    shorten_signatures(_public)
for _public in vars(conventions).values():
    shorten_signatures(_public)
del _name, _public
