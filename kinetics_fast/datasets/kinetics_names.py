"""The names that Kinetics and its publishers use: versions, splits, file names of clips."""

from __future__ import annotations

import re

CLASSES = {"400": 400, "600": 600, "700": 700, "700-2020": 700}  # versions of Kinetics itself
DERIVED = ("ava-kinetics", "countix")  # annotations by others of clips of Kinetics-700
VERSIONS = (*CLASSES, *DERIVED)
# In the folder of a data set: the name of the version that `kinetics-fast download` fetched.
VERSION_MARK = ".kinetics-fast/download/version"


SPLITS = ("train", "val", "test")
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

_VERSION_IN_NAME = re.compile(r"(?<![a-z0-9])(?:kinetics|k)[\W_]*(400|600|700)(?!\d)(?:[\W_]*(2020)(?!\d))?")

ID_LENGTH = 11
YOUTUBE_ID = re.compile(rf"[\w-]{{{ID_LENGTH}}}", re.ASCII)
# An id may contain "_" and begin with "-", so that only its length tells where it ends.
CLIP_NAME = re.compile(rf"(?P<id>{YOUTUBE_ID.pattern})(?:_(?P<start>\d{{6,}})_(?P<end>\d{{6,}}))?", re.ASCII)


def split_of(word: str) -> str | None:
    """Return the split that a word such as ``validate`` stands for, or None."""
    return _SPLIT_WORDS.get(word.strip().lower())


def checked_split(word: object) -> str:
    """Return the split that a word stands for.

    Raises
    ------
    ValueError
        The word does not stand for a split.
    """
    split = split_of(str(word))
    if split is None:
        raise ValueError(f"split must be one of {', '.join(SPLITS)}, got {word!r}")
    return split


def version_of(word: object) -> str | None:
    """Return the version that a word such as ``k400`` or ``kinetics700_2020`` stands for, or None."""
    name = re.sub(r"[\s_-]+", "-", str(word).strip().lower())
    name = re.sub(r"^(kinetics-?|k)(?=\d)", "", name)
    return name if name in VERSIONS else None


def checked_version(word: object) -> str:
    """Return the version that a word stands for.

    Raises
    ------
    ValueError
        The word does not stand for a version.
    """
    version = version_of(word)
    if version is None:
        raise ValueError(f"version must be one of {', '.join(VERSIONS)}, got {word!r}")
    return version


def versions_named(name: str) -> set[str]:
    """Return the versions of Kinetics that the name of a file or folder may mean; none if it names none.

    Examples
    --------
    >>> sorted(versions_named("kinetics700_val")), versions_named("tiny-kinetics-400")
    (['700', '700-2020'], {'400'})
    """
    found = _VERSION_IN_NAME.search(name.lower())
    version = version_of("-".join(filter(None, found.groups()))) if found else version_of(name)
    if version == "700":
        return {"700", "700-2020"}
    return {version} & CLASSES.keys() if version else set()


def title_of(version: str) -> str:
    """Return the name of a version as its authors write it, such as ``Kinetics-400``."""
    return {"ava-kinetics": "AVA-Kinetics", "countix": "Countix"}.get(version, f"Kinetics-{version}")


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
