"""Draw where the time of one training sample goes: reading, decoding, converting, waiting.

Each call makes one sample on one thread, as in bench_samples.py. `Batch.stats` gives the first three parts.
Waiting is the rest of the wall time: opening, the index, handing work over between threads, and Python.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from bench_samples import PATTERNS, centre_box
from PIL import Image, ImageDraw, ImageFont
from runner import MAX_VIDEOS, SEED
from samples.kinetics_fast import decode
from windows import copy_video, draw_windows, find_videos, touch

import kinetics_fast as kf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from windows import Window

PARTS = {"reading": "#4c78a8", "decoding": "#9ecae9", "converting": "#f58518", "waiting": "#bab0ac"}
WIDTH, MARGIN, BAR, GAP, TEXT = 1400, 40, 90, 60, 24


@dataclass
class Bar:
    """The mean milliseconds per sample of one pattern, by part."""

    name: str
    parts: dict[str, float]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="videos in MP4 or Matroska, searched recursively")
    parser.add_argument("output", type=Path, help="the PNG file to write")
    parser.add_argument("--clips-per-video", type=int, default=8, help="windows per video (%(default)s)")
    return parser.parse_args()


def milliseconds_by_part(window: Window) -> dict[str, float]:
    path, indices, box = window.arguments
    begin = time.perf_counter()
    stats = decode([kf.Clip(path, indices=indices, box=box)], 1).stats
    wall = time.perf_counter() - begin
    parts = {name: 1000 * stats[f"seconds_{name}"] for name in ("reading", "decoding", "converting")}
    return {**parts, "waiting": max(0.0, 1000 * wall - sum(parts.values()))}


def measure(name: str, windows: Sequence[Window]) -> Bar:
    milliseconds_by_part(windows[0])  # warms up
    touch(windows)
    samples = [milliseconds_by_part(window) for window in windows]
    return Bar(name, {part: mean(sample[part] for sample in samples) for part in PARTS})


def draw(bars: Sequence[Bar]) -> Image.Image:
    """Draw the parts of every bar side by side, all bars to one scale, with the milliseconds below."""
    image = Image.new("RGB", (WIDTH, 2 * MARGIN + 2 * TEXT + len(bars) * (BAR + GAP + TEXT)), "white")
    canvas = ImageDraw.Draw(image)
    font = ImageFont.load_default(TEXT)
    scale = (WIDTH - 2 * MARGIN) / max(sum(bar.parts.values()) for bar in bars)
    top = MARGIN
    for bar in bars:
        title = f"{bar.name}: {sum(bar.parts.values()):.1f} ms per sample on one thread"
        canvas.text((MARGIN, top), title, "black", font)
        left = float(MARGIN)
        for part, milliseconds in bar.parts.items():
            right = left + milliseconds * scale
            canvas.rectangle((left, top + TEXT + 10, right, top + TEXT + 10 + BAR), PARTS[part])
            left = right
        top += BAR + GAP + TEXT
    draw_legend(canvas, font, bars, top)
    return image


def draw_legend(
    canvas: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    bars: Sequence[Bar],
    top: int,
) -> None:
    left = MARGIN
    for part, color in PARTS.items():
        figures = " / ".join(f"{bar.parts[part]:.2f}" for bar in bars)
        canvas.rectangle((left, top, left + TEXT, top + TEXT), color)
        canvas.text((left + TEXT + 10, top - 4), f"{part} {figures}", "black", font)
        left += (WIDTH - 2 * MARGIN) // len(PARTS)


def main() -> None:
    arguments = parse_arguments()
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="kf-bench-") as scratch:
        paths = find_videos(arguments.folder, MAX_VIDEOS, rng)
        videos = [copy_video(path, Path(scratch), arguments.clips_per_video) for path in paths]
        drawn = {pattern: draw_windows(videos, pattern, rng, centre_box) for pattern in PATTERNS}
        bars = [measure(pattern.name, windows) for pattern, windows in drawn.items() if windows]
    if not bars:
        raise SystemExit(f"no video in {arguments.folder} is long enough")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    draw(bars).save(arguments.output)
    for bar in bars:
        total = sum(bar.parts.values())
        shares = (f"{part} {ms:.2f} ms ({ms / total:.1%})" for part, ms in bar.parts.items())
        print(f"{bar.name}: {total:.1f} ms per sample: " + ", ".join(shares))


if __name__ == "__main__":
    main()
