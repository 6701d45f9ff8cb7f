"""Draw the frames that each sampler takes from 10 s: python benchmarks/plot_samplers.py docs/samplers.svg.

The figure has one row per clip and one mark per frame. Random samplers draw from fixed seeds.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

import numpy as np
from bench_samplers import TenSeconds

import kinetics_fast as kf
from kinetics_fast import conventions as c
from kinetics_fast.samplers import Sampler
from kinetics_fast.samplers.protocols import Indices

PANELS: dict[str, dict[str, Sampler]] = {
    "kinetics_fast": {
        "RandomClips(16, stride=8, clips=2)": kf.RandomClips(16, 8, clips=2),
        "RandomClips(16, fps=5)": kf.RandomClips(16, fps=5),
        "UniformClips(16, stride=4, clips=5)": kf.UniformClips(16, 4, clips=5),
        "UniformClips(32, stride=2)": kf.UniformClips(32, 2),
        "DenseClips(16, stride=4)": kf.DenseClips(16, 4),
        "SegmentFrames(8)": kf.SegmentFrames(8),
        "SegmentFrames(8, jitter=True)": kf.SegmentFrames(8, jitter=True),
    },
    "kinetics_fast.conventions": {
        "I3DNoteTest()": c.I3DNoteTest(),
        "PySlowFastTrain()": c.PySlowFastTrain(),
        "PySlowFastTest()": c.PySlowFastTest(),
        "PySlowFastTest(use_offset=True)": c.PySlowFastTest(use_offset=True),
        "MMAction2SampleFrames(32, 2, 10, test_mode=True)": c.MMAction2SampleFrames(
            32, 2, 10, test_mode=True
        ),
        "MMAction2SampleFrames(1, 1, 8)": c.MMAction2SampleFrames(1, 1, 8),
        "MMAction2DenseSampleFrames(8, 8)": c.MMAction2DenseSampleFrames(8, 8),
        "MMAction2UniformSampleFrames(24)": c.MMAction2UniformSampleFrames(24),
        "PyTorchVideoRandom(2.0, frames=8)": c.PyTorchVideoRandom(2.0, 8),
        "PyTorchVideoUniform(2.0, frames=8)": c.PyTorchVideoUniform(2.0, 8),
        "PyTorchVideoConstantClipsPerVideo(2.0, 3, frames=8)": c.PyTorchVideoConstantClipsPerVideo(2.0, 3, 8),
        "TorchCodecRandomIndices(2, 16, 4)": c.TorchCodecRandomIndices(2, 16, 4),
        "TorchCodecRegularIndices(5, 16, 4)": c.TorchCodecRegularIndices(5, 16, 4),
        "TorchCodecRandomTimestamps(1, 8, 0.25)": c.TorchCodecRandomTimestamps(1, 8, 0.25),
        "TorchCodecRegularTimestamps(2.0, 8, 0.25)": c.TorchCodecRegularTimestamps(2.0, 8, 0.25),
        "VideoMAETrain()": c.VideoMAETrain(),
        "VideoMAETest()": c.VideoMAETest(),
        "VideoMAEPretrain()": c.VideoMAEPretrain(),
    },
}
LEFT, WIDTH, ROW, GAP = 360, 600, 5, 12  # pixels: names, 10 s, one clip, space between samplers
COLORS = ("#1f6fb2", "#c8641b")


def panel(title: str, samplers: dict[str, Sampler], top: float) -> tuple[list[str], float]:
    """Give the drawing of a heading and its samplers, and the lower end of the drawing."""
    parts = [f'<text x="12" y="{top + 14}" font-weight="bold">{escape(title)}</text>']
    axis = f'y="{top + 14}" fill="#777" text-anchor="middle"'
    parts += [
        f'<text x="{LEFT + second * WIDTH / 10}" {axis}>{second} s</text>' for second in range(0, 11, 2)
    ]
    top += 26
    for number, (name, sampler) in enumerate(samplers.items()):
        clips = sampler(TenSeconds(), np.random.default_rng(number))
        height = max(len(clips) * ROW, 12)
        parts.append(f'<text x="12" y="{top + height / 2 + 4}">{escape(name)}</text>')
        parts.append(f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{height}" fill="#f0f0ee"/>')
        parts += marks(clips, top, height / len(clips))
        top += height + GAP
    return parts, top


def marks(clips: Indices, top: float, row: float) -> list[str]:
    """Give one mark per frame, in one row per clip."""
    wide = WIDTH / 300
    return [
        f'<path fill="{COLORS[number % 2]}" d="'
        + "".join(
            f"M{LEFT + frame * wide:.0f} {top + number * row:.1f}h{wide:.1f}v{row - 1:.1f}h-{wide:.1f}z"
            for frame in clip
        )
        + '"/>'
        for number, clip in enumerate(clips.tolist())
    ]


def main(target: Path) -> None:
    parts: list[str] = []
    top = 8.0
    for title, samplers in PANELS.items():
        drawn, top = panel(title, samplers, top)
        parts += drawn
        top += GAP
    size = f"{LEFT + WIDTH + 24} {top:.0f}"
    style = 'font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" {style}>'
    background = '<rect width="100%" height="100%" fill="white"/>'
    target.write_text("\n".join([head, background, *parts, "</svg>"]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
