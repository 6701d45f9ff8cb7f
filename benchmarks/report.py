"""The output of the benchmarks: rates, shares of the floor, differences between the frames and ours."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from windows import Pattern


@dataclass
class Result:
    """The clips per second of one competitor: one list over the rounds per pattern."""

    name: str
    difference: float | None
    rates: dict[str, list[float]] = field(default_factory=dict)

    def share_of(self, floor: Result, pattern: str) -> float:
        """Give the median over the rounds of this rate divided by the rate of the floor in the same round."""
        return median(a / b for a, b in zip(self.rates[pattern], floor.rates[pattern], strict=True))


def differences(
    frames: Mapping[str, Sequence[npt.NDArray[Any]]], ours: str, levels: float
) -> dict[str, float | None]:
    """Give the largest mean absolute difference of a clip from ours in grey levels; None without frames.

    A reader that interpolates chroma differently differs by one or two levels. A reader that gives other
    frames differs by more.
    """
    return {
        name: max(map(mean_difference, clips, frames[ours])) * levels if clips else None
        for name, clips in frames.items()
    }


def mean_difference(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> float:
    return float(np.abs(a.astype(np.float32) - b).mean()) if a.shape == b.shape else 255.0


def print_table(
    results: Sequence[Result],
    title: str,
    patterns: Sequence[Pattern],
    columns: str = "clips/s (share of the floor)",
) -> None:
    """Print one row per competitor: its rates and their shares of the first competitor's rates."""
    reference = results[0]
    print(f"\n{title:<32}{columns:^{18 * len(patterns)}}{'difference':>14}")
    print(f"{'':<32}" + "".join(f"{pattern.name:>18}" for pattern in patterns) + f"{'from ours':>14}")
    for result in results:
        cells = (
            f"{median(result.rates[pattern.name]):8.2f} ({result.share_of(reference, pattern.name):.3f})"
            for pattern in patterns
        )
        difference = "-" if result.difference is None else f"{result.difference:.2f}"
        print(f"{result.name:<32}" + "".join(f"{cell:>18}" for cell in cells) + f"{difference:>14}")


def print_factors(
    ours: Result, peers: Sequence[Result], patterns: Sequence[Pattern], where: str = ""
) -> None:
    """Print how many times as fast as the fastest peer we are. ``where`` says what the peers read."""
    if not peers:
        return
    for pattern in patterns:
        fastest = max(peers, key=lambda peer: median(peer.rates[pattern.name]))
        factor = ours.share_of(fastest, pattern.name)
        print(f"{pattern.name}: {ours.name} is {factor:.2f} times as fast as {fastest.name}{where}")


def write_json(
    path: Path,
    results: Mapping[str, Sequence[Result]],
    arguments: Mapping[str, object],
    peers: Mapping[str, str],
) -> None:
    """Write every rate of every round, with the arguments and the versions of the peers."""
    rates = {name: [asdict(result) for result in rows] for name, rows in results.items()}
    write_report(path, arguments, {"peers": dict(peers), "rates": rates})


def write_report(path: Path, arguments: Mapping[str, object], measured: Mapping[str, object]) -> None:
    """Write the measurements, with the machine, the build and the arguments of the command."""
    report = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "processor": processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "arguments": dict(arguments),
        "build": kf.build_info(),
        **measured,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2, default=str) + "\n")


def processor() -> str:
    """Give the name of the CPU from Linux, or else from the platform."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
