"""How many batches are decoded ahead of the one that is handed out."""

from __future__ import annotations

import warnings

from kinetics_fast import _core
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.options import Options

CLIPS_IN_FLIGHT = 16  # per thread: a request takes tens of milliseconds, decoding a prepared clip a few
BYTES_AHEAD = 1 << 30  # most bytes that are fetched for batches behind those that are decoded ahead


class Prefetch:
    """The number of batches ahead: as many as the caller asked for and as `prefetch_bytes` allows."""

    def __init__(self, options: Options, buffers: OutputBuffers) -> None:
        self._options = options
        self._buffers = buffers
        self._warned = False

    @property
    def fetched(self) -> int:
        """The number of batches behind those ahead, of whose remote videos the bytes are fetched."""
        options = self._options
        clips = CLIPS_IN_FLIGHT * (options.threads or _core.cpu_budget())
        return -(-clips // (options.batch_size * options.sampler.clips))

    @property
    def depth(self) -> int:
        """The number, which can become smaller when the first video tells how large a batch is."""
        options, batch_bytes = self._options, self._buffers.batch_bytes
        if batch_bytes is None or options.buffers is not None or not options.prefetch:
            return options.prefetch
        if batch_bytes > options.prefetch_bytes and not self._warned:
            self._warned = True
            warnings.warn(
                f"one batch has {batch_bytes} bytes, more than prefetch_bytes={options.prefetch_bytes}; "
                "one batch is decoded ahead nevertheless",
                stacklevel=2,
            )
        return min(options.prefetch, max(1, options.prefetch_bytes // batch_bytes))
