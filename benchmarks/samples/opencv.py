"""OpenCV: grab every frame from the first on, retrieve only the wanted frames, and crop first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2

from . import Box, Sample, recycled_samples
from .placing import place_frame, place_views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

VERSION: str = cv2.__version__


def read(path: str, indices: Sequence[int], box: Box) -> Sample:
    """Make one sample with one decoder thread."""
    sample: Sample = recycled_samples(1, len(indices))[0]
    for position, (_, frame) in enumerate(_frames(path, indices)):
        place_frame(frame, box, sample[:, position], bgr=True)
    return sample


def read_views(path: str, clips: Sequence[Sequence[int]], boxes: Sequence[Box]) -> Sample:
    """Grab the frames of the video once and cut all views out of them."""
    wanted = sorted({number for indices in clips for number in indices})
    return place_views(_frames(path, wanted), clips, boxes, bgr=True)


def _frames(path: str, indices: Sequence[int]) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    grabbed = 0
    for number in indices:
        while grabbed <= number:
            if not capture.grab():
                raise RuntimeError(f"{path}: OpenCV found no frame {grabbed}")
            grabbed += 1
        yield number, capture.retrieve()[1]
    capture.release()
