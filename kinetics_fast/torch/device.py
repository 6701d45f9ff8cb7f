"""Batches on a device, copied while the model works."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from kinetics_fast.loader import ClipLoader
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.prefetch import Prefetch
from kinetics_fast.torch.batch import TensorBatch

_COPIES = 2  # that may be under way


def to_device(loader: ClipLoader, device: torch.device | str) -> Iterator[TensorBatch]:
    """Iterate over a loader with its batches on a device.

    On the CPU nothing is copied. For a GPU, batches are decoded into a ring of page-locked buffers and copied
    by a stream of their own while the model works on the batch before. A buffer is decoded into again only
    when its copy is complete; tensors on the device may be kept for as long as they are wanted.

    Parameters
    ----------
    loader : ClipLoader
        What to iterate over. For a GPU it has a size, its own or its crop's, and no `buffers`.
    device : torch.device or str
        Where to.

    Yields
    ------
    TensorBatch

    Raises
    ------
    ValueError
        The loader has buffers of its own, or no size that is known before the first video.

    Examples
    --------
    >>> for batch in kft.to_device(loader, "cpu"):
    ...     logits = model(batch.frames)
    """
    device = torch.device(device)
    if device.type == "cuda":
        return _copied(loader, device)
    return (TensorBatch.of(batch).to(device) for batch in loader)


def _copied(loader: ClipLoader, device: torch.device) -> Iterator[TensorBatch]:
    # How a buffer is kept until its copy is complete:
    # 1. When batch n is asked for, decoding of batch n + prefetch begins, and of none after it.
    # 2. Of prefetch + 2 buffers, that takes the one of batch n - 2.
    # 3. So that one's copy is waited for first; it is long over, for the model has had batch n - 1 since.
    batches = loader._iterate(replace(loader._options, buffers=_page_locked(loader)))
    stream = torch.cuda.Stream(device)
    copies: deque[torch.cuda.Event] = deque()
    while True:
        if len(copies) == _COPIES:
            copies.popleft().synchronize()
        batch = next(batches, None)
        if batch is None:
            return
        with torch.cuda.stream(stream):
            copied = TensorBatch.of(batch).to(device, non_blocking=True)
            copies.append(stream.record_event())
        model = torch.cuda.current_stream(device)
        model.wait_stream(stream)
        copied.record_stream(model)
        yield copied


def _page_locked(loader: ClipLoader) -> list[npt.NDArray[Any]]:
    options = loader._options
    if options.buffers is not None:
        raise ValueError("to_device makes the buffers of a GPU itself: make the loader without buffers=")
    if options.output_size is None:
        raise ValueError(
            "a loader for a GPU needs a size that is known before the first video: pass size= or a crop"
        )
    pixels = options.pixels.checked()
    shape = pixels.output_shape(options.rows, options.sampler.frames, options.output_size)
    kind = torch.from_numpy(np.empty(0, pixels.dtype)).dtype
    count = Prefetch(options, OutputBuffers(options, pixels)).depth + _COPIES
    return [torch.empty(shape, dtype=kind, pin_memory=True).numpy() for _ in range(count)]
