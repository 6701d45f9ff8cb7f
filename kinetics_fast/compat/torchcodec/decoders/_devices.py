"""Everything about devices: frames are decoded on the CPU only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_capacity = 20


@dataclass
class CpuFallbackStatus:
    """Whether a GPU was asked for and the CPU decodes instead, which never happens here."""

    status_known: bool = True

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return "[CPU] Fallback status: No fallback required"


def check_device(device: Any) -> None:
    """Raise a RuntimeError if a device is not the CPU. None means torch's default device."""
    if device is None:
        torch = sys.modules.get("torch")
        device = "cpu" if torch is None else torch.get_default_device()
    if str(device).partition(":")[0] != "cpu":
        raise RuntimeError(
            f"Unsupported device: {device}. kinetics_fast decodes on the CPU: pass device='cpu', and move "
            "the frames with .to(device)"
        )


@contextmanager
def set_cuda_backend(backend: str) -> Iterator[None]:
    """Check the name of a CUDA backend. It changes nothing.

    Parameters
    ----------
    backend : {"nvdec", "ffmpeg", "beta"}
        The name, in upper or lower case.

    Yields
    ------
    None
        Nothing: frames are decoded on the CPU.

    Raises
    ------
    ValueError
        There is no such backend.
    """
    if backend.lower() not in ("nvdec", "ffmpeg", "beta"):
        raise ValueError(f"Invalid CUDA backend ({backend}). Supported values are 'nvdec' and 'ffmpeg'.")
    yield


def set_nvdec_cache_capacity(capacity: int) -> None:
    """Keep a number for `get_nvdec_cache_capacity`. It changes nothing.

    Parameters
    ----------
    capacity : int
        At least 0.
    """
    global _capacity
    if capacity < 0:
        raise ValueError(f"the capacity must be at least 0, got {capacity}")
    _capacity = capacity


def get_nvdec_cache_capacity() -> int:
    """Return the number that was set.

    Returns
    -------
    int
        The last argument of `set_nvdec_cache_capacity`.
    """
    return _capacity
