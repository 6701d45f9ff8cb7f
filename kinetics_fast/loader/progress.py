"""The progress bar: clips per second, and the share of time that the model waited for data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kinetics_fast.loader.stats import LoaderStats


class Progress:
    """A bar over the batches of an epoch, drawn by tqdm."""

    def __init__(self, epoch: int, done: int, batches: int) -> None:
        try:
            from tqdm.auto import tqdm
        except ImportError as error:
            raise ImportError("progress=True needs tqdm: pip install kinetics-fast[progress]") from error

        class Bar(tqdm):  # type: ignore[misc]
            monitor_interval = 0  # tqdm would start a thread

        self._bar = Bar(desc=f"epoch {epoch}", total=batches, initial=done, unit="batch")

    def show(self, stats: LoaderStats) -> None:
        """Count one more batch."""
        self._bar.set_postfix_str(
            f"{stats.clips_per_second:.1f} clips/s, waited {stats.waiting_share:.0%}", refresh=False
        )
        self._bar.update()

    def close(self) -> None:
        """Finish the bar as it is."""
        self._bar.close()
