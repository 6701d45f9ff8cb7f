"""Rotated and mirrored files have the frames of the upright file, turned, to the bit."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import kinetics_fast as kf
from videos import containers, media

pytestmark = pytest.mark.ffmpeg

ONE = 1 << 16
# A point (x, y) is shown at (a x + c y, b x + d y).
MATRICES = [(a, 0, 0, d) for a in (1, -1) for d in (1, -1)] + [(0, b, c, 0) for b in (1, -1) for c in (1, -1)]
VIDEOS = ["crop_126x94.mp4", "odd_127x95.mp4"]
FRAMES = [7, 0]


def with_matrix(mp4: bytes, matrix: tuple[int, int, int, int]) -> bytes:
    a, b, c, d = (ONE * value for value in matrix)

    def change(tkhd: bytes) -> bytes:
        return tkhd[:40] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + tkhd[76:]

    return containers.edit(mp4, (b"moov", b"trak", b"tkhd"), change)


def turned(frames: NDArray[Any], layout: str, matrix: tuple[int, int, int, int]) -> NDArray[Any]:
    rows, columns = layout.index("H"), layout.index("W")
    a, b, c, d = matrix
    if not a:
        frames = np.swapaxes(frames, rows, columns)
    backwards = tuple(axis for axis, sign in ((columns, a or c), (rows, d or b)) if sign < 0)
    return np.flip(frames, backwards)


@pytest.mark.parametrize("matrix", MATRICES, ids=str)
@pytest.mark.parametrize("name", VIDEOS)
def test_turned_twins_have_the_frames_of_the_upright_file(
    name: str, matrix: tuple[int, int, int, int]
) -> None:
    file = media.make(name).read_bytes()
    upright = kf.Video(with_matrix(file, (1, 0, 0, 1)))
    twin = kf.Video(with_matrix(file, matrix))
    layouts: Any = ("THWC", "TCHW", "CTHW")
    for layout in layouts:
        for dtype in ("uint8", "float16", "float32"):
            for size in (None, (40, 56)):
                twin_size = size if size is None or matrix[0] else (size[1], size[0])
                expected = upright.frames(FRAMES, size, layout, dtype)
                frames = twin.frames(FRAMES, twin_size, layout, dtype)
                assert np.array_equal(frames, turned(expected, layout, matrix)), (layout, dtype, size)


@pytest.mark.parametrize("name", VIDEOS)
def test_a_flip_mirrors_the_frames_to_the_bit(name: str) -> None:
    video = kf.Video(media.make(name))
    for dtype in ("uint8", "float32"):
        for box in (None, (7, 3, 90, 81)):
            plain, mirrored = (kf.Clip(video, indices=FRAMES, box=box, flip=flip) for flip in (False, True))
            frames = kf.decode_clips([plain, mirrored], dtype=dtype).frames
            assert np.array_equal(frames[1], frames[0][..., ::-1, :])


@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32"])
@pytest.mark.parametrize("name", VIDEOS)
def test_every_layout_has_the_same_values(name: str, dtype: str) -> None:
    video = kf.Video(media.make(name))
    for size in (None, (40, 56)):
        frames = video.frames(FRAMES, size, "THWC", dtype)
        assert np.array_equal(video.frames(FRAMES, size, "TCHW", dtype), frames.transpose(0, 3, 1, 2))
        assert np.array_equal(video.frames(FRAMES, size, "CTHW", dtype), frames.transpose(3, 0, 1, 2))
