"""Fixed crops: the same boxes for every clip of a video."""
# ruff: noqa: ARG002 (every crop is called with a generator)

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kinetics_fast._decode.validation import Size, checked_size
from kinetics_fast.crops.geometry import (
    Boxes,
    ResizedFrame,
    checked_convention,
    checked_short_side,
)
from kinetics_fast.crops.rounding import ROUNDINGS, Convention


@dataclass(frozen=True, init=False)
class Resize:
    """The whole frame, resized to a fixed size without keeping the aspect ratio.

    Parameters
    ----------
    size : int or (height, width)
        Output size in pixels; an int means a square. torchvision's ``Resize`` keeps the aspect ratio if it is
        given an int; ``CenterCrop(size, short_side=size)`` returns a square without distortion.

    Examples
    --------
    >>> kf.Resize((128, 171))(340, 256).tolist()
    [[0.0, 0.0, 340.0, 256.0]]
    """

    views: ClassVar[int] = 1
    size: tuple[int, int]

    def __init__(self, size: Size) -> None:
        object.__setattr__(self, "size", checked_size(size))

    def __call__(self, width: int, height: int, rng: np.random.Generator | None = None) -> Boxes:
        """Return the box; `rng` is not used."""
        return np.array([[0, 0, width, height]], np.float64)


@dataclass(frozen=True, init=False)
class ResizedCrop:
    """The common part of crops at fixed positions of a resized frame."""

    size: tuple[int, int]
    short_side: int | None
    convention: Convention

    def __init__(self, size: Size, short_side: int | None, convention: Convention) -> None:
        sides = checked_size(size)
        object.__setattr__(self, "size", sides)
        object.__setattr__(
            self, "short_side", None if short_side is None else checked_short_side(short_side, sides)
        )
        object.__setattr__(self, "convention", checked_convention(convention))


@dataclass(frozen=True, init=False)
class CenterCrop(ResizedCrop):
    """The centre of the frame, after resizing the frame to a given short side.

    Parameters
    ----------
    size : int or (height, width)
        Output size, and size of the crop, in pixels.
    short_side : int, optional
        Length to which the short side of the frame is resized first. None means that the frame is not
        resized.
    convention : {"torchvision", "pyslowfast", "mmaction2"}
        The library whose rounding is followed. Long side s * long / short: rounded down in torchvision
        (``int(s * long / short)``) and pyslowfast (``floor(long / short * s)``), half up in mmaction2
        (``int(long * (s / short) + 0.5)``). Offset free / 2: half to even (``round``) in torchvision, up
        (``ceil``) in pyslowfast, down (``//``) in mmaction2.

    Raises
    ------
    ValueError
        The crop is larger than the (resized) frame; torchvision would pad it with black.

    Examples
    --------
    >>> kf.CenterCrop(224)(340, 256).tolist()
    [[58.0, 16.0, 224.0, 224.0]]
    >>> kf.CenterCrop(224, short_side=256)(1280, 720).round(2).tolist()
    [[326.33, 45.0, 630.15, 630.0]]
    """

    views: ClassVar[int] = 1

    def __init__(
        self, size: Size, short_side: int | None = None, *, convention: Convention = "torchvision"
    ) -> None:
        super().__init__(size, short_side, convention)

    def __call__(self, width: int, height: int, rng: np.random.Generator | None = None) -> Boxes:
        """Return the box; `rng` is not used."""
        rounding = ROUNDINGS[self.convention]
        frame = ResizedFrame.of(width, height, self.short_side, rounding)
        x, y = frame.free(self.size)
        return frame.boxes([(rounding.centre(x), rounding.centre(y))], self.size)


@dataclass(frozen=True, init=False)
class ThreeCrop(ResizedCrop):
    """Three crops along the long side: left, centre, right; or top, centre, bottom of an upright frame.

    Parameters
    ----------
    size : int or (height, width)
        Output size, and size of each crop, in pixels.
    short_side : int, optional
        Length to which the short side of the frame is resized first. None means the extent of the crop along
        the short side, so that the crops span it.
    convention : {"pyslowfast", "torchvision", "mmaction2"}
        The library whose rounding is followed, as for `CenterCrop`. The default is pyslowfast
        (``uniform_crop`` after ``random_short_side_scale_jitter``): a frame that is square after resizing is
        cropped from left to right, and the outer crops touch the borders. In mmaction2 the last crop is at
        2 * (free // 2), which leaves one pixel if free is odd, and the order is first, last, centre; here the
        order is always first, centre, last. torchvision has no such crop; with its name, the sizes and the
        centre are as in its ``CenterCrop``.

    Raises
    ------
    ValueError
        The crop is larger than the resized frame.

    Examples
    --------
    >>> crop = kf.ThreeCrop(256)
    >>> crop(454, 256).tolist()
    [[0.0, 0.0, 256.0, 256.0], [99.0, 0.0, 256.0, 256.0], [198.0, 0.0, 256.0, 256.0]]
    >>> clips = [kf.Clip(video, 0, 16, 4, box=box) for box in crop(video.width, video.height)]
    >>> kf.decode_clips(clips, size=crop.size).frames.shape
    (3, 16, 256, 256, 3)
    """

    views: ClassVar[int] = 3

    def __init__(
        self, size: Size, short_side: int | None = None, *, convention: Convention = "pyslowfast"
    ) -> None:
        super().__init__(size, short_side, convention)

    def __call__(self, width: int, height: int, rng: np.random.Generator | None = None) -> Boxes:
        """Return the three boxes; `rng` is not used."""
        rounding = ROUNDINGS[self.convention]
        own = self.size[1] if height > width else self.size[0]
        frame = ResizedFrame.of(width, height, own if self.short_side is None else self.short_side, rounding)
        x, y = frame.free(self.size)
        middle = rounding.centre(x), rounding.centre(y)
        if frame.resized_height > frame.resized_width:
            return frame.boxes([(middle[0], 0), middle, (middle[0], rounding.last(y))], self.size)
        return frame.boxes([(0, middle[1]), middle, (rounding.last(x), middle[1])], self.size)
