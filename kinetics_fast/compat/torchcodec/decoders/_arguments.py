"""The arguments of `VideoDecoder`: checks and conversions that raise torchcodec's errors."""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.reading import open_video


def open_source(source: Any, stream_index: int | None) -> kf.Video:
    """Open a source of a `VideoDecoder`."""
    if isinstance(source, io.TextIOBase):
        raise TypeError("source is a text file. Open it for binary reading? open(path, 'rb')")
    if _is_tensor(source):
        source = _bytes_of(source)
    known = isinstance(source, (str, os.PathLike, bytes, bytearray, memoryview))
    if not (known or (hasattr(source, "read") and hasattr(source, "seek"))):
        what = "Supported types are str, os.PathLike, bytes, Tensor and binary file objects."
        raise TypeError(f"Unknown source type: {type(source)}. {what}")
    if isinstance(source, bytes) and not source:
        raise ValueError("source must be the bytes of a video, got no bytes")
    try:
        return open_video(source, "best" if stream_index is None else stream_index)
    except kf.UnsupportedError as error:
        if stream_index is None:
            raise RuntimeError(str(error)) from error
        what = f"The stream index {stream_index} is not a valid stream, because it is not a video stream"
        raise ValueError(f"{what}. {error}") from error
    except kf.Error as error:
        raise RuntimeError(str(error)) from error


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")  # without torch, nobody has a tensor
    return torch is not None and isinstance(value, torch.Tensor)


def _bytes_of(tensor: Any) -> memoryview:
    array = tensor.detach().cpu().numpy()
    if array.dtype != np.uint8 or array.ndim != 1 or not array.size:
        what = f"{array.dtype} of shape {array.shape}"
        raise RuntimeError(f"source must be a uint8 tensor of one axis that is not empty, got {what}")
    return memoryview(np.ascontiguousarray(array).data)


def as_indices(indices: Any) -> list[int]:
    """Return frame numbers as a list. A tensor of floats is cut off, as torchcodec does."""
    array = indices.detach().cpu().numpy().astype(np.int64) if _is_tensor(indices) else np.asarray(indices)
    if array.size == 0:
        return []
    if array.dtype.kind not in "iu" or array.ndim > 1:
        found = f"{array.dtype} of shape {array.shape}"
        what = "expected scalar type Long but found Float" if array.dtype.kind == "f" else "expected ints"
        raise RuntimeError(f"indices must be a sequence of ints, got {found}: {what}")
    numbers: list[int] = array.reshape(-1).tolist()
    return numbers


def as_seconds(seconds: Any) -> npt.NDArray[np.float64]:
    """Return times as an array of one axis."""
    values = seconds.detach().cpu().numpy() if _is_tensor(seconds) else seconds
    try:
        return np.asarray(values, np.float64).reshape(-1) if values is not None else np.array(["none"], float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Couldn't convert timestamps input to a tensor: {error}") from None


def check_frame_mappings(mappings: Any, seek_mode: str) -> None:
    """Check what torchcodec checks of ``custom_frame_mappings``."""
    if seek_mode == "approximate":
        raise ValueError("custom_frame_mappings is incompatible with seek_mode='approximate'.")
    try:
        content = json.load(mappings) if hasattr(mappings, "read") else json.loads(mappings)
    except json.JSONDecodeError as error:
        what = "It should be a valid JSON string or a file-like object."
        raise ValueError(f"Invalid custom frame mappings: {error}. {what}") from error
    frames = content.get("frames") if isinstance(content, dict) else None
    if not frames:
        what = "The input is empty or missing the required 'frames' key."
        raise ValueError(f"Invalid custom frame mappings. {what}")
    for names in (("pts", "pkt_pts"), ("duration", "pkt_duration"), ("key_frame",)):
        if not any(name in frames[0] for name in names):
            what = f"keys are required in the frame metadata: {' or '.join(names)} is missing"
            raise ValueError(f"Invalid custom frame mappings. The 'pts', 'duration' and 'key_frame' {what}")
