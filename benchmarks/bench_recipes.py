"""Measure the recipes of `kinetics-fast prepare`: size, SSIM, and the cost of reading, of the same clips.

    python benchmarks/bench_recipes.py FOLDER [--rounds 3] [--json FILE]

Every video below FOLDER is encoded with each recipe, all scaled to the same size: x264's defaults (preset
medium, crf 20), the profiles, and the recipes that `fast` was chosen from. SSIM is that of all planes,
against the scaled source. A window has 16 frames with stride 8. Its CPU time is measured in turns over all
recipes of a clip, and the least of the rounds counts; on a machine that does other work it is only a hint,
while pictures and bytes are exact.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from kinetics_fast._decode.video import Video
from kinetics_fast.datasets.files.listing import list_files
from kinetics_fast.preparation.arguments import arguments
from kinetics_fast.preparation.encoder import Encoder
from kinetics_fast.preparation.program import find_ffmpeg
from kinetics_fast.preparation.quality import frame_ssim
from kinetics_fast.preparation.recipe import PROFILES, SHORT_SIDE, Recipe, recipe_of
from kinetics_fast.preparation.source_clip import SourcePlace, open_clip
from kinetics_fast.preparation.window_cost import measure_window

DEFAULTS = "x264 defaults"
OTHER_CRF = (23, 26, 29)  # of the defaults: what size they take for the SSIM of a recipe
CANDIDATES = {
    "fast, trellis=1, crf 20.7": "trellis=1:crf=20.7",
    "fast, preset slow, crf 20.7": "preset=slow:trellis=2:crf=20.7",
    "fast, 7 B-pictures": "bframes=7",
    "fast, 15 B-pictures": "bframes=15",
    "fast, deblocking, crf 21": "no-deblock=0:crf=21",
    "fast, CABAC": "cabac=1",
}


@dataclass(frozen=True)
class Measured:
    """One clip by one recipe. Seconds are CPU time."""

    clip: str
    recipe: str
    bytes: int
    ssim: float
    encoding_seconds: float
    pictures: float
    window_seconds: float


def recipes() -> dict[str, Recipe]:
    """Return the recipes by name, the defaults of x264 first."""
    defaults = Recipe(DEFAULTS, "medium", "crf=20", True, SHORT_SIDE, False, "drop")
    found = {DEFAULTS: defaults, "fast": PROFILES["fast"], "small": PROFILES["small"]}
    for crf in OTHER_CRF:
        found[f"{DEFAULTS}, crf {crf}"] = replace(defaults, x264=f"crf={crf}")
    return found | {name: recipe_of("fast", "profile", x264, None) for name, x264 in CANDIDATES.items()}


def measure(path: str, encoder: Encoder, folder: Path, rounds: int) -> list[Measured]:
    """Encode one clip with every recipe and measure the files."""
    clip = open_clip(SourcePlace(path))
    files, seconds, ssim = {}, {}, {}
    for number, (name, recipe) in enumerate(recipes().items()):
        files[name] = folder / f"{number}.mp4"
        before = _seconds_of_children()
        encoder.run(arguments(clip, recipe, files[name]))
        seconds[name] = _seconds_of_children() - before
        ssim[name] = frame_ssim(clip, SourcePlace(str(files[name])), recipe, encoder)
        if len(ssim[name]) != clip.frames:
            raise SystemExit(f"{path}: {len(ssim[name])} of {clip.frames} frames were compared")
    turns = [{name: measure_window(Video(file)) for name, file in files.items()} for _ in range(rounds)]
    return [
        Measured(
            Path(path).name,
            name,
            files[name].stat().st_size,
            float(np.mean(ssim[name])),
            seconds[name],
            turns[0][name].packets_sent,
            min(turn[name].seconds_cpu for turn in turns),
        )
        for name in files
    ]


def _seconds_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def report(rows: list[Measured]) -> None:
    """Print one line per recipe: sums over the clips, relative to x264's defaults."""
    clips = list(dict.fromkeys(row.clip for row in rows))
    print(f"{len(clips)} clips: {', '.join(clips)}\n")
    headings = ("recipe", "size", "size at equal SSIM", "SSIM, lowest clip", "SSIM, mean", "pictures")
    print(f"| {' | '.join((*headings, 'CPU time of a window', 'encoding'))} |")
    print("|---|---|---|---|---|---|---|---|")
    of = {name: [row for row in rows if row.recipe == name] for name in recipes()}
    size, window, encoding = (
        sum(getattr(row, field) for row in of[DEFAULTS])
        for field in ("bytes", "window_seconds", "encoding_seconds")
    )
    for name, found in of.items():
        ssim = [row.ssim for row in found]
        print(
            f"| {name} | {sum(row.bytes for row in found) / size:.3f} | {_at_equal_ssim(found, of):.2f} "
            f"| {min(ssim):.4f} | {np.mean(ssim):.4f} "
            f"| {np.mean([row.pictures for row in found]):.1f} "
            f"| {sum(row.window_seconds for row in found) / window:.3f} "
            f"| {sum(row.encoding_seconds for row in found) / encoding:.2f} |"
        )
    print(f"\n1.00 of encoding is {encoding / len(clips):.2f} CPU seconds per clip.")


def _at_equal_ssim(found: list[Measured], of: dict[str, list[Measured]]) -> float:
    """Return the size relative to x264's defaults at that crf which gives the same SSIM.

    The logarithms of the sizes are interpolated over 1 - SSIM in dB, clip by clip, and averaged.
    """
    ratios = []
    for row in found:
        known = [
            each for name in of if name.startswith(DEFAULTS) for each in of[name] if each.clip == row.clip
        ]
        known.sort(key=lambda each: each.ssim)
        levels = [-np.log(1 - each.ssim) for each in known]
        size = np.interp(-np.log(1 - row.ssim), levels, [np.log(each.bytes) for each in known])
        ratios.append(np.log(row.bytes) - size)
    return float(np.exp(np.mean(ratios)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="times that each window is measured")
    parser.add_argument("--json", type=Path, help="file for the figures of every clip")
    options = parser.parse_args()
    encoder = Encoder(find_ffmpeg().path)
    rows = []
    with tempfile.TemporaryDirectory(prefix="kinetics-fast-") as folder:
        for path in list_files(options.folder):
            rows += measure(str(path), encoder, Path(folder), options.rounds)
    report(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
