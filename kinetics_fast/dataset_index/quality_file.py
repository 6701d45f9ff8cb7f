"""The file beside an index that has the measured quality of prepared clips, for the report."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kinetics_fast._files import atomic_write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class ClipQuality:
    """A prepared clip beside its source, scaled to the same size.

    Attributes
    ----------
    name : str
        The path of the prepared file in the target.
    frames : int
        Number of frames that were compared, which is that of both files.
    ssim, psnr : float
        Means over the frames: SSIM of all planes, PSNR of the luma in dB.
    frame_ssim : list of float
        SSIM of each frame.
    worst_frame : int
        The number of the frame with the lowest SSIM.
    picture : str
        That frame of the source and of the prepared file side by side, a WebP in base64.
    bytes_before, bytes_after : int
        Sizes of the files.
    pictures_before, pictures_after : float
        Pictures that are decoded for a window of 16 frames with stride 8.
    seconds_before, seconds_after : float
        CPU time of such a window.
    """

    name: str
    frames: int
    ssim: float
    psnr: float
    frame_ssim: list[float]
    worst_frame: int
    picture: str
    bytes_before: int
    bytes_after: int
    pictures_before: float
    pictures_after: float
    seconds_before: float
    seconds_after: float


def quality_path(index: Path) -> Path:
    """Return the path of the file that belongs to an index."""
    return index.with_suffix(".quality.json")


def write_quality(index: Path, clips: Sequence[ClipQuality]) -> None:
    """Write the file. It replaces an earlier one in one step."""
    with atomic_write(quality_path(index)) as file:
        file.write(json.dumps({"clips": [asdict(clip) for clip in clips]}).encode())


def read_quality(index: Path) -> list[ClipQuality]:
    """Return the measured clips; none if there is no such file.

    Raises
    ------
    ValueError
        The file is damaged.
    """
    path = quality_path(index)
    if not path.exists():
        return []
    try:
        return [ClipQuality(**clip) for clip in json.loads(path.read_bytes())["clips"]]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: not a file of kinetics-fast prepare --quality; remove it") from error
