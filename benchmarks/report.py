"""What the benchmark prints and writes: rates, shares of the floor, distances of the frames from ours."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readers import Frames
    from windows import Pattern


@dataclass
class Result:
    """One competitor's clips per second: a list over the rounds for each pattern."""

    name: str
    difference: float | None
    rates: dict[str, list[float]] = field(default_factory=dict)

    def share_of(self, floor: Result, pattern: str) -> float:
        """Give the median over rounds of this rate over the floor's in the same round."""
        return median(a / b for a, b in zip(self.rates[pattern], floor.rates[pattern], strict=True))


def differences(frames: Mapping[str, Sequence[Frames]], ours: str) -> dict[str, float | None]:
    """Give the largest mean absolute difference of a clip from ours, in levels; None without frames.

    Readers that interpolate chroma otherwise are one or two levels away, those that give other frames more.
    """
    return {
        name: max(map(mean_difference, clips, frames[ours])) if clips else None
        for name, clips in frames.items()
    }


def mean_difference(a: Frames, b: Frames) -> float:
    return float(np.abs(a.astype(np.int16) - b).mean()) if a.shape == b.shape else 255.0


def print_table(results: Sequence[Result], threads: int, patterns: Sequence[Pattern]) -> None:
    """Clips per second and the share of the floor, a row for each competitor."""
    floor = results[0]
    title = "one thread" if threads == 1 else f"{threads} CPUs"
    columns = f"{'clips/s (share of the floor)':^{18 * len(patterns)}}"
    print(f"\n{title:<26}{columns}{'difference':>14}")
    print(f"{'':<26}" + "".join(f"{pattern.name:>18}" for pattern in patterns) + f"{'from ours':>14}")
    for result in results:
        cells = (
            f"{median(result.rates[pattern.name]):8.1f} ({result.share_of(floor, pattern.name):.3f})"
            for pattern in patterns
        )
        difference = "-" if result.difference is None else f"{result.difference:.2f}"
        print(f"{result.name:<26}" + "".join(f"{cell:>18}" for cell in cells) + f"{difference:>14}")


def write_json(
    path: Path,
    results: Mapping[int, Sequence[Result]],
    arguments: Mapping[str, object],
    peers: Mapping[str, str],
) -> None:
    """Every rate of every round, and what it was measured with."""
    rates = {threads: [asdict(result) for result in rows] for threads, rows in results.items()}
    report = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "processor": processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "arguments": dict(arguments),
        "build": kf.build_info(),
        "peers": dict(peers),
        "clips_per_second": rates,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2, default=str) + "\n")


def processor() -> str:
    """Name the CPU where Linux says what it is."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
