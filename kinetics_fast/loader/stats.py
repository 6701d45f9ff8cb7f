"""Statistics of an epoch of a loader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kinetics_fast.loader.failures import Failure


@dataclass
class LoaderStats:
    """Sums over the epoch so far, since its loop was started in this process.

    Attributes
    ----------
    batches, videos, clips : int
        Numbers that were handed out, without failures and the repeats that fill up the last batch of a rank.
    seconds : float
        Time from the first request for a batch to the last hand-out.
    seconds_waiting : float
        Time that the model waited for data.
    seconds_ready : float
        Time that finished batches waited for the model.
    seconds_reading, seconds_decoding, seconds_converting : float
        Time of all threads of the engine together.
    frames_decoded, frames_converted, packets_sent, packets_dropped : int
        Work of the engine. A packet is dropped if its picture is not requested and no picture refers to it.
    bytes_read : int
        Bytes of packets.
    failures : list of Failure
        Every video that failed, with its record, file and error.
    """

    batches: int = 0
    videos: int = 0
    clips: int = 0
    seconds: float = 0.0
    seconds_waiting: float = 0.0
    seconds_ready: float = 0.0
    seconds_reading: float = 0.0
    seconds_decoding: float = 0.0
    seconds_converting: float = 0.0
    frames_decoded: int = 0
    frames_converted: int = 0
    packets_sent: int = 0
    packets_dropped: int = 0
    bytes_read: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def clips_per_second(self) -> float:
        """Clips handed out per second of wall-clock time."""
        return self.clips / self.seconds if self.seconds else 0.0

    @property
    def waiting_share(self) -> float:
        """Share of the time that the model waited for data, from 0 to 1."""
        return self.seconds_waiting / self.seconds if self.seconds else 0.0

    def add_work(self, sums: Mapping[str, float]) -> None:
        """Add the statistics of one decode job.

        Parameters
        ----------
        sums : mapping of str to float
            The statistics by name.
        """
        for name, value in sums.items():
            if name != "runs":
                setattr(self, name, getattr(self, name) + value)

    def __repr__(self) -> str:
        causes = Counter(type(failure.error).__name__ for failure in self.failures)
        failed = (
            f" ({', '.join(f'{count} {name}' for name, count in causes.most_common())})" if causes else ""
        )
        return (
            f"<kf.LoaderStats: {self.clips} clips of {self.videos} videos in {self.seconds:.1f} s, "
            f"{self.clips_per_second:.1f} clips/s; the model waited {self.waiting_share:.0%} of the time, "
            f"data waited {self.seconds_ready:.1f} s; reading {self.seconds_reading:.1f} s, "
            f"decoding {self.seconds_decoding:.1f} s, converting {self.seconds_converting:.1f} s; "
            f"{self.frames_decoded} frames decoded, {self.packets_dropped} packets dropped, "
            f"{self.bytes_read / 2**20:.1f} MiB read; {len(self.failures)} failures{failed}>"
        )
