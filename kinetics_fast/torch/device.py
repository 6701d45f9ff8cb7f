"""`to_device`: batches on a device, copied while the model works."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import torch

from kinetics_fast.loader import ClipLoader
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.prefetch import Prefetch
from kinetics_fast.torch.batch import TensorBatch

_COPIES = 2  # copies that may be in progress


def to_device(loader: ClipLoader, device: torch.device | str) -> Iterator[TensorBatch]:
    """Iterate over a loader with its batches on a device.

    On the CPU nothing is copied. For a GPU, batches are decoded into a ring of page-locked buffers and copied
    by a separate stream while the model works on the previous batch. A buffer is reused only when its copy is
    complete; tensors on the device may be kept.

    Parameters
    ----------
    loader : ClipLoader
        The loader. For a GPU it needs a size or a crop, and must not have `buffers`.
    device : torch.device or str
        The device.

    Returns
    -------
    iterator of TensorBatch
        The batches of an epoch.

    Raises
    ------
    ValueError
        The loader has buffers, or its size is not known before the first video.

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
    # A buffer must not be decoded into before its copy is complete:
    # 1. A request for batch n starts the decoding of batch n + prefetch, and of no later batch.
    # 2. With prefetch + 2 buffers, batch n + prefetch uses the buffer of batch n - 2.
    # 3. Therefore the copy of batch n - 2 is waited for first. It ended long ago, because the model has used
    #    batch n - 1 since.
    batches = loader._iterate(_with_ring(loader._options))
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


def _with_ring(options: Options) -> Options:
    """Return the options of a loader with a ring of page-locked buffers, as many as the prefetch needs."""
    if options.buffers is not None:
        raise ValueError("to_device creates the buffers of a GPU itself: create the loader without buffers=")
    if options.output_size is None:
        raise ValueError(
            "a loader for a GPU needs a size that is known before the first video: pass size= or a crop"
        )
    pixels = options.pixels.checked()
    shape = pixels.output_shape(options.rows, options.sampler.frames, options.output_size)
    size = math.prod(shape) * pixels.dtype.itemsize
    depth = Prefetch(options, OutputBuffers(options, pixels)).depth
    blocks = [torch.empty(size, dtype=torch.uint8, pin_memory=True) for _ in range(depth + _COPIES)]
    ring = [block.numpy().view(pixels.dtype).reshape(shape) for block in blocks]
    return replace(options, buffers=ring, prefetch=depth)  # a loader with buffers does not limit its prefetch
