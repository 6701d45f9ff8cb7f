"""The names that Kinetics and its publishers use: versions, splits, file names of clips."""

from __future__ import annotations

import re
from enum import Enum

VERSIONS = ("400", "600", "700", "700-2020", "ava-kinetics", "countix")


class Split(str, Enum):
    """A split of a data set."""

    TRAIN = "train"
    VAL = "val"
    TEST = "test"


SPLITS = tuple(split.value for split in Split)
_SPLIT_WORDS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validate": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
    "holdout_test": "test",
}

ID_LENGTH = 11
YOUTUBE_ID = re.compile(rf"[\w-]{{{ID_LENGTH}}}", re.ASCII)
# An id may contain "_" and begin with "-", so that only its length tells where it ends.
CLIP_NAME = re.compile(rf"(?P<id>{YOUTUBE_ID.pattern})(?:_(?P<start>\d{{6,}})_(?P<end>\d{{6,}}))?", re.ASCII)


def split_of(word: str) -> str | None:
    """Return the split that a word such as ``validate`` stands for, or None."""
    return _SPLIT_WORDS.get(word.strip().lower())


def clip_name(youtube_id: str, start: float, end: float) -> str:
    """Return the name, without extension, that every publisher gives a clip.

    Parameters
    ----------
    youtube_id : str
        The id of the original video.
    start, end : float
        The clip in seconds of the original video. Publishers drop the fraction.

    Returns
    -------
    str

    Examples
    --------
    >>> clip_name("-3B32lodo2M", 59.0, 69.0)
    '-3B32lodo2M_000059_000069'
    """
    return f"{youtube_id}_{int(start):06d}_{int(end):06d}"
