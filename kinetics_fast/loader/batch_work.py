"""One batch on its way: index its videos, draw, decode, and again for those that are replaced.

Nothing here runs by itself: the engine's threads work on the ticket at hand, and `advance` takes what it came
to and submits the next one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import numpy as np
import numpy.typing as npt

from kinetics_fast import _core
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.source import source_identity
from kinetics_fast._decode.status import FrameStatus
from kinetics_fast._decode.video import MAX_PIXELS
from kinetics_fast.loader.batch import ClipBatch
from kinetics_fast.loader.buffers import OutputBuffers
from kinetics_fast.loader.draws import EpochDraws
from kinetics_fast.loader.failures import ATTEMPTS, Failure
from kinetics_fast.loader.finish import finish
from kinetics_fast.loader.options import Options
from kinetics_fast.loader.plan import Places
from kinetics_fast.loader.stats import LoaderStats
from kinetics_fast.loader.video_work import VideoSource, VideoWork


@dataclass(frozen=True)
class Shared:
    """What the batches of an epoch have in common."""

    options: Options
    draws: EpochDraws
    pixels: Pixels
    buffers: OutputBuffers
    threads: _core.ThreadLimit
    stats: LoaderStats = field(default_factory=LoaderStats)


class Stage(Enum):
    """What a batch waits for."""

    INDEX = auto()
    DECODE = auto()
    OVER = auto()


class BatchWork:
    """A batch from the moment its videos are known to the moment it is handed out.

    Attributes
    ----------
    stage : Stage
        What it waits for.
    """

    def __init__(self, shared: Shared, places: Places, turn: int) -> None:
        self._shared = shared
        self._turn = turn
        self._hurried = False
        self._frames: npt.NDArray[Any] | None = None
        self._ticket: _core.IndexTicket | _core.DecodeTicket | None = None
        self._rows: list[int] = []
        self._to_decode: list[VideoWork] = []
        options = shared.options
        self._status = np.full((options.rows, options.sampler.frames), FrameStatus.FAILED, np.uint8)
        columns = zip(
            places.positions.tolist(), places.records.tolist(), places.padding.tolist(), strict=True
        )
        self._videos = [VideoWork(place, *column, shared.draws) for place, column in enumerate(columns)]
        for video in self._videos:
            video.begin(options)
        self._index(self._videos)

    @property
    def failures(self) -> list[Failure]:
        """Those of all its videos; a repeat has none of its own."""
        return [failure for video in self._videos if not video.padding for failure in video.failures]

    def advance(self, seconds: float) -> bool:
        """Go on as far as it goes, waiting at most so long for each step; True when it is over."""
        while self.stage is not Stage.OVER:
            if self._ticket is not None and not self._ticket.wait(seconds):
                return False
            if self.stage is Stage.INDEX:
                self._indexed()
            else:
                self._decoded()
        return True

    def hurry(self) -> None:
        """Somebody waits for it now: its time limit runs."""
        timeout = self._shared.options.timeout
        if timeout is not None and not self._hurried and isinstance(self._ticket, _core.DecodeTicket):
            self._ticket.set_timeout(timeout)
        self._hurried = True

    def seconds_ready(self) -> float:
        """Give how long ago its decoding was done."""
        ticket = self._ticket
        return ticket.seconds_since_done() if isinstance(ticket, _core.DecodeTicket) else 0.0

    def cancel(self) -> None:
        """Let the threads do no more for it."""
        if self._ticket is not None:
            self._ticket.cancel()

    def hand_out(self) -> ClipBatch:
        """Make the batch, once it is over; raises where the policy on errors says so."""
        if self._frames is None:
            self._frames = self._shared.buffers.take(self._turn)
        return finish(self._shared.options, self._videos, self._frames, self._status)

    def _index(self, videos: Sequence[VideoWork]) -> None:
        sources: dict[Hashable, VideoSource] = {}
        for video in videos:
            key = source_identity(video.record.source), video.record.frame_index
            if key not in sources:
                try:
                    sources[key] = VideoSource(video.record)
                except TypeError as error:
                    raise TypeError(f"record {video.number} of the data set: {error}") from None
            video.source = sources[key]
        self._to_draw = videos
        self._missing = [source for source in sources.values() if source.video is None and not source.error]
        self._ticket = None
        if self._missing:
            cores = [source.core for source in self._missing]
            self._ticket = _core.submit_index(cores, MAX_PIXELS, self._shared.options.timeout)
        self.stage = Stage.INDEX

    def _indexed(self) -> None:
        if isinstance(self._ticket, _core.IndexTicket):
            for source, result in zip(self._missing, self._ticket.result(), strict=True):
                source.indexed(result)
        for video in self._to_draw:
            video.draw(self._shared.options)
        self._to_decode += [video for video in self._to_draw if video.error is None]
        replaced = self._replace(self._to_draw)
        if replaced:
            self._index(replaced)
        else:
            self._decode()

    def _replace(self, videos: Sequence[VideoWork]) -> list[VideoWork]:
        """Draw other videos for those that failed, where the policy says so, and give these."""
        if self._shared.options.on_error != "replace":
            return []
        failed = [video for video in videos if video.error is not None and video.attempts < ATTEMPTS]
        for video in failed:
            video.replace(self._shared.options, self._shared.draws)
        return failed

    def _decode(self) -> None:
        options, buffers = self._shared.options, self._shared.buffers
        given_up = options.on_error == "raise" and any(video.error is not None for video in self._videos)
        if given_up or not self._to_decode:
            self.stage = Stage.OVER
            return
        numbers: dict[VideoSource, int] = {}
        videos: list[tuple[_core.Source, _core.FrameIndex]] = []
        requests = []
        for work in self._to_decode:
            assert work.drawn is not None
            assert work.source.video is not None
            video = work.source.video
            if work.source not in numbers:
                numbers[work.source] = len(videos)
                videos.append((work.source.core, video._index))
                size = buffers.size((video.height, video.width))
            first = work.place * options.views
            requests += [(numbers[work.source], first + i, *row) for i, row in enumerate(work.drawn.rows)]
        if self._frames is None:
            self._frames = buffers.take(self._turn)
        assert self._frames is not None
        self._rows = [request[1] for request in requests]
        self._ticket = _core.submit_decode(
            videos,
            requests,
            self._frames,
            size,
            self._shared.pixels.request,
            self._shared.threads,
            options.timeout if self._hurried else None,
        )
        self.stage = Stage.DECODE

    def _decoded(self) -> None:
        assert isinstance(self._ticket, _core.DecodeTicket)
        status, errors, sums, _ = self._ticket.result()
        options = self._shared.options
        self._shared.stats.add_work(sums)
        self._status[self._rows] = status.reshape(len(self._rows), -1)
        decoded, self._to_decode = self._to_decode, []
        first = 0
        for video in decoded:
            of_video = {view: errors[first + view] for view in range(options.views) if first + view in errors}
            first += options.views
            if options.accept_damaged:
                worst = self._status[video.place * options.views :][: options.views].max(axis=1)
                of_video = {view: e for view, e in of_video.items() if worst[view] > FrameStatus.DAMAGED}
            if of_video:
                video.fail_rows(of_video)
        self.stage = Stage.OVER
        stale = [video for video in decoded if video.forget_saved_index(options, self._shared.draws)]
        anew = stale + self._replace([video for video in decoded if video not in stale])
        if anew:
            self._index(anew)
