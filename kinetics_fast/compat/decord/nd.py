"""`decord.nd` is the short name of `decord.ndarray`."""

from __future__ import annotations

from kinetics_fast.compat.decord.ndarray import DECORDContext, NDArray, array, cpu, from_dlpack, gpu

__all__ = ["DECORDContext", "NDArray", "array", "cpu", "from_dlpack", "gpu"]
