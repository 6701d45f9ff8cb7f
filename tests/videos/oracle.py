"""ffmpeg's frames of a file, which are the expected frames: planes, timestamps and colour.

The ffmpeg command is the one that defines frame i: no rotation, no scaling, every frame passed through. The
filter `showinfo` reports the format, size and pts of each frame and does not change the frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from videos import bitstream, ffmpeg_cli

if TYPE_CHECKING:
    from pathlib import Path

Planes = tuple[NDArray[np.generic], ...]
FRAME = re.compile(r"\] n: *\d+ pts: *(-?\d+|NOPTS) .*? fmt:(\w+) cl:(\w+) .*? s:(\d+)x(\d+) i:. iskey:(\d)")
# Packed pixel formats, and the planar format that holds the same samples.
PLANAR = {"pal8": "gbrp", "rgb24": "gbrp", "bgr24": "gbrp", "yuyv422": "yuv422p"}
CHROMA_SHIFTS = {"420": (1, 1), "422": (1, 0), "444": (0, 0), "440": (0, 1)}


@dataclass(frozen=True)
class Format:
    """A pixel format: bits per sample, chroma shifts (None for gray), whether the planes are G, B, R."""

    name: str

    @property
    def depth(self) -> int:
        match = re.search(r"(\d+)le$", self.name)
        return int(match[1]) if match else 8

    @property
    def is_rgb(self) -> bool:
        return self.name.startswith("gbr")

    @property
    def shifts(self) -> tuple[int, int] | None:
        if self.name.startswith("gray"):
            return None
        match = re.search(r"4[24][024]", self.name)
        return CHROMA_SHIFTS[match[0]] if match else (0, 0)

    def shapes(self, width: int, height: int) -> list[tuple[int, int]]:
        if self.shifts is None:
            return [(height, width)]
        x, y = self.shifts
        chroma = (-(-height >> y), -(-width >> x))
        return [(height, width), chroma, chroma]


@dataclass(frozen=True)
class Frames:
    """The frames that ffmpeg shows of one file.

    `colour` is the range, the matrix and the chroma siting that showinfo prints. `keys` are the frames that
    libavcodec calls key frames. `stored` is the pixel format of the decoder.
    """

    planes: list[Planes]
    timestamps: NDArray[np.float64]
    formats: list[Format]
    colour: dict[str, str]
    keys: list[int]
    stored: str

    def __len__(self) -> int:
        return len(self.planes)


@lru_cache(maxsize=512)
def frames(path: Path) -> Frames:
    """Return every frame that ffmpeg shows, in presentation order, as planes."""
    data, words = _run(path, "showinfo")
    found = FRAME.search(words)
    stored = found[2] if found else ""
    if stored in PLANAR:
        data, words = _run(path, f"format={PLANAR[stored]},showinfo")
    base = re.search(r"config in time_base: (\d+)/(\d+)", words)
    rows = FRAME.findall(words)
    if base is None or not rows:
        raise RuntimeError(f"ffmpeg must show a frame of {path}, got: {words}")
    planes, at = [], 0
    for _, name, _, width, height, _ in rows:
        frame = []
        for rows_and_columns in Format(name).shapes(int(width), int(height)):
            plane = np.frombuffer(
                data, "<u2" if Format(name).depth > 8 else "u1", int(np.prod(rows_and_columns)), at
            )
            frame.append(plane.reshape(rows_and_columns))
            at += plane.nbytes
        planes.append(tuple(frame))
    if at != len(data):
        raise RuntimeError(f"the frames of {path} must use all bytes, but {len(data) - at} bytes are left")
    pts = [np.nan if row[0] == "NOPTS" else float(row[0]) for row in rows]
    # A message of another thread of ffmpeg may follow a name without a space; names are in lower case.
    colour = dict(re.findall(r"(color_\w+):([a-z0-9_]+)", words.rsplit("color_range:", 1)[0] or words))
    colour["siting"] = rows[0][2]
    times = np.array(pts) * int(base[1]) / int(base[2])
    keys = [number for number, row in enumerate(rows) if row[5] == "1"]
    return Frames(planes, times, [Format(row[1]) for row in rows], colour, keys, stored)


def _run(path: Path, filters: str) -> tuple[bytes, str]:
    return ffmpeg_cli.run(
        ffmpeg.input(str(path), copyts=None, noautorotate=None).output(
            "pipe:", map="0:V:0", noautoscale=None, fps_mode="passthrough", vf=filters, format="rawvideo"
        )
    )


def upright_luma(path: Path, coded: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the luma of the first frame after rotation; `coded` is its shape before rotation."""
    stream = ffmpeg.input(str(path)).output(
        "pipe:", map="0:V:0", format="rawvideo", frames=1, vf="showinfo,extractplanes=y"
    )
    data, words = ffmpeg_cli.run(stream)
    width, height = (int(number) for number in FRAME.findall(words)[0][3:5])
    luma = np.frombuffer(data, np.uint8).reshape(height, width)
    if luma.size != np.prod(coded):
        raise RuntimeError(f"{path} must be shown with {coded} samples, got {width}x{height}")
    return luma


def keyframes(path: Path) -> list[int]:
    """Return the numbers of the shown frames that are entries.

    In H.264 they come from the bytes of the packets, because libavcodec calls every recovery point a key
    frame. If the times do not tell which frame a packet holds, they are libavcodec's key frames.
    """
    facts, whole = ffmpeg_cli.Facts(path), frames(path)
    if facts.codec != "h264":
        return whole.keys
    starts = [p.pts for p in facts.packets if bitstream.is_entry(p.nals) and not p.discarded]
    times = [start for start in starts if start is not None]
    distinct = len(times) == len(starts) and len(set(whole.timestamps)) == len(whole)
    if not distinct:
        return whole.keys
    shown = [np.flatnonzero(np.isclose(whole.timestamps, time, atol=1e-5)) for time in times]
    return sorted(int(found[0]) for found in shown if found.size)


def equal(ours: Planes, theirs: Planes) -> bool:
    """Say whether two frames have the same number of planes, with the same shapes and values."""
    return len(ours) == len(theirs) and all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))
