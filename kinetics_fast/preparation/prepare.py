"""`kf.prepare`: writes a copy of a data set that is laid out for reading, with an index."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kinetics_fast.preparation.recipe import ProfileName, recipe_of
from kinetics_fast.remote.folder import remote_folder

if TYPE_CHECKING:
    from kinetics_fast.preparation.result import Prepared, PrepareProgress

    StrPath = str | os.PathLike[str]


def prepare(
    source: Any,
    target: StrPath,
    profile: ProfileName = "fast",
    *,
    short_side: int | Literal["profile"] | None = "profile",
    x264: str | None = None,
    audio: Literal["drop", "copy"] | None = None,
    version: str | None = None,
    split: str | None = None,
    annotations: StrPath | None = None,
    shard_size: int | None = None,
    workers: int | None = None,
    part: tuple[int, int] | None = None,
    merge: bool = False,
    quality: int = 0,
    engine: Literal["local", "ray"] = "local",
    progress: Callable[[PrepareProgress], None] | None = None,
) -> Prepared:
    """Write a copy of a data set that is cheap to read at any frame, and its index.

    Every clip keeps its number of frames, their times, its colour tags, label and annotation. A clip that
    cannot be prepared is a row of the index with the reason. A run can be stopped at any moment, also with
    SIGKILL; the next run with the same arguments goes on there.

    Parameters
    ----------
    source : path, URL, Remote or store
        A folder of videos, the folder of a Kinetics split, or an index that ``kinetics-fast scan`` wrote. Or
        a folder of a store (the path of a `Remote` is a folder there): each object is copied to the disk of
        the target while it is prepared.
    target : path
        The folder of the prepared files, outside of the source.
    profile : {"fast", "small", "archive"}
        ``fast`` reads fastest. ``small`` takes fewer bytes and more time to read. ``archive`` keeps the size,
        the bit depth and the audio at a high quality.
    short_side : int or None, optional
        Largest length of the shorter side in pixels; None keeps the size. By default 256, and None for
        ``archive``. A smaller video is not enlarged.
    x264 : str, optional
        Parameters of x264 that replace those of the profile, such as ``"preset=slow:crf=22"``.
    audio : {"drop", "copy"}, optional
        What happens to the audio streams. By default they are dropped, and copied by ``archive``.
    version : str, optional
        Version of Kinetics whose annotations to match, as for ``kinetics-fast scan``.
    split : str, optional
        Only this split, of an index or of Kinetics.
    annotations : path, optional
        File or folder of the annotations; searched in and beside the source by default.
    shard_size : int, optional
        Write tar shards of about this many bytes instead of one file per clip.
    workers : int, optional
        Number of ffmpeg processes at once, one CPU each; the number of CPUs by default, of this machine or
        of the Ray cluster.
    part : (int, int), optional
        ``(i, n)``: prepare only the i-th of n shares, counted from 1, and write no index.
    merge : bool, optional
        Encode nothing; write the index of what the parts have prepared.
    quality : int, optional
        Measure SSIM, PSNR, size and reading cost of so many clips. The file ``kinetics-fast.quality.json``
        has the results; ``kinetics-fast report`` shows them.
    engine : {"local", "ray"}
        Where clips are encoded: on this machine, or as tasks of a Ray cluster. Its nodes must see the source
        and the target at the same paths and have the same version of ffmpeg.
    progress : callable, optional
        Called with a `PrepareProgress` after every clip.

    Returns
    -------
    Prepared
        The numbers of clips by outcome, and the clips that failed.

    Raises
    ------
    ValueError
        An argument is not valid, or there are no videos.
    RuntimeError
        There is no usable ffmpeg, the target was begun with other settings, or another run works on it.
    OSError
        The source cannot be listed, or the target cannot be written.
    ResourceError
        The machine has no memory, file descriptors or threads left.
    ModuleNotFoundError
        ffmpeg-python, pyarrow or filelock is not installed. ``kinetics-fast[prepare]`` brings them, and
        ``kinetics-fast[ray]`` Ray.

    Examples
    --------
    >>> prepared = kf.prepare("clips/train", "fast/train")
    >>> prepared.clips, prepared.failures
    (1, {})
    >>> kf.Dataset.from_index("fast/train")[0].label
    0
    """
    recipe = recipe_of(profile, short_side, x264, audio)
    if merge and part is not None:
        raise ValueError("merge joins all parts; leave out part")
    try:
        from kinetics_fast.preparation.session import Options, prepare_data_set
    except ModuleNotFoundError as missing:
        if missing.name not in ("pyarrow", "filelock", "ffmpeg", "PIL"):
            raise
        package = "ffmpeg-python" if missing.name == "ffmpeg" else missing.name
        what = f"prepare needs {package}: pip install 'kinetics-fast[prepare]'"
        raise ModuleNotFoundError(what, name=missing.name) from None
    options = Options(
        remote_folder(source) or Path(source),
        Path(target),
        recipe,
        version=version,
        split=split,
        annotations=None if annotations is None else Path(annotations),
        shard_size=shard_size,
        workers=workers,
        part=part,
        merge=merge,
        quality=quality,
        engine=engine,
    )
    return prepare_data_set(options, progress)
