"""What a decoder returns: frames with the times at which they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


def _text(frames: Any) -> str:
    lines = [f"{type(frames).__name__}:"]
    for field in fields(frames):
        value = getattr(frames, field.name)
        lines.append(f"  data (shape): {value.shape}" if field.name == "data" else f"  {field.name}: {value}")
    return "\n".join(lines) + "\n"


@dataclass
class Frame:
    """One frame; it unpacks into its three fields.

    Attributes
    ----------
    data : Tensor
        uint8, (3, H, W) or (H, W, 3).
    pts_seconds, duration_seconds : float
        When the frame is first shown, and for how long.
    """

    data: Tensor
    pts_seconds: float
    duration_seconds: float

    def __post_init__(self) -> None:
        if self.data.ndim != 3:
            raise ValueError(f"data must be 3-dimensional, got the shape {tuple(self.data.shape)}")
        self.pts_seconds, self.duration_seconds = float(self.pts_seconds), float(self.duration_seconds)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.data, self.pts_seconds, self.duration_seconds))

    __repr__ = _text


@dataclass
class FrameBatch:
    """Several frames, or clips of several frames. Indexing and iteration give batches, too.

    Attributes
    ----------
    data : Tensor
        uint8, (N, 3, H, W) or (N, H, W, 3); samplers return one more axis in front.
    pts_seconds, duration_seconds : Tensor
        float64, with the leading axes of `data`.
    """

    data: Tensor
    pts_seconds: Tensor
    duration_seconds: Tensor

    def __post_init__(self) -> None:
        shape = tuple(self.data.shape)
        if len(shape) < 3:
            raise ValueError(f"data must be at least 3-dimensional, got the shape {shape}")
        for name in ("pts_seconds", "duration_seconds"):
            given = tuple(getattr(self, name).shape)
            if given != shape[:-3]:
                what = f"leading dimensions of data: {shape[:-3]}"
                raise ValueError(f"the shape of {name} must be the {what}, got {given}")

    def __iter__(self) -> Iterator[FrameBatch]:
        for number in range(len(self)):
            yield self[number]

    def __getitem__(self, key: Any) -> FrameBatch:
        return FrameBatch(self.data[key], self.pts_seconds[key], self.duration_seconds[key])

    def __len__(self) -> int:
        return len(self.data)

    __repr__ = _text
