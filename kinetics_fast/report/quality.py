"""The section of the page about prepared clips: what was measured against their sources."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.dataset_index.quality_file import ClipQuality

WORST = 6  # frames that are shown side by side
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 220, 46, 20
HEADINGS = ("clip", "frames", "SSIM", "worst frame", "PSNR", "size", "pictures", "CPU time")


def quality_section(clips: Sequence[ClipQuality]) -> str:
    """Return the section as HTML; nothing if no clip was measured."""
    if not clips:
        return ""
    before, after = (sum(getattr(clip, f"bytes_{when}") for clip in clips) for when in ("before", "after"))
    slow, fast = (sum(getattr(clip, f"seconds_{when}") for clip in clips) for when in ("before", "after"))
    summary = (
        f"{len(clips):,} clips: mean SSIM {np.mean([clip.ssim for clip in clips]):.4f}, lowest "
        f"{min(clip.ssim for clip in clips):.4f}; {after / before:.2f} times the size of the sources; "
        f"a window of 16 frames with stride 8 takes 1/{slow / fast:.1f} of the CPU time."
    )
    return (
        '<section id="quality"><h2>Quality of the prepared clips</h2>'
        f'<p class="note">{summary} SSIM and PSNR compare with the source, scaled to the same size.</p>'
        f"<figure><figcaption><b>SSIM of each clip</b><span>a dot is the mean of a clip, the line below it "
        f"reaches down to its worst frame</span></figcaption>{_plot(clips)}</figure>"
        f"<h3>Every measured clip</h3>{_table(clips)}"
        f"<h3>The worst frames: source and prepared</h3>{_pairs(clips)}</section>"
    )


def _plot(clips: Sequence[ClipQuality]) -> str:
    """Draw the mean and the lowest SSIM of each clip, the best clip at the left."""
    ordered = sorted(clips, key=lambda clip: -clip.ssim)
    lows = [min(clip.frame_ssim) for clip in ordered]
    bottom = min(0.99, math.floor(min(lows) * 50) / 50)
    room = HEIGHT - BOTTOM

    def height(value: float) -> float:
        return room * (1 - value) / (1 - bottom)

    step = (WIDTH - LEFT) / len(ordered)
    marks = "".join(
        f"<g><title>{escape(clip.name)}: SSIM {clip.ssim:.4f}, worst frame {low:.4f}</title>"
        f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{height(clip.ssim):.1f}" y2="{height(low):.1f}"/>'
        f'<circle class="bar" cx="{x:.1f}" cy="{height(clip.ssim):.1f}" r="3.5"/></g>'
        for clip, low, x in zip(
            ordered, lows, (LEFT + step * (number + 0.5) for number in range(len(ordered))), strict=True
        )
    )
    scale = "".join(
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH}" y1="{height(value):.1f}" y2="{height(value):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{height(value) + 4:.1f}" text-anchor="end">{value:.3f}</text>'
        for value in np.linspace(bottom, 1, 5).tolist()
    )
    label = "SSIM of each clip"
    return (
        f'<svg class="chart" viewBox="0 -8 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f"{scale}{marks}</svg>"
    )


def _table(clips: Sequence[ClipQuality]) -> str:
    head = "".join(f'<th class="{"n" if n else ""}">{name}</th>' for n, name in enumerate(HEADINGS))
    body = "".join(
        f'<tr><td class="path">{escape(clip.name)}</td>'
        + "".join(f'<td class="n">{cell}</td>' for cell in _cells(clip))
        + "</tr>"
        for clip in sorted(clips, key=lambda clip: clip.ssim)
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(clip: ClipQuality) -> list[str]:
    return [
        f"{clip.frames:,}",
        f"{clip.ssim:.4f}",
        f"{min(clip.frame_ssim):.4f}",
        f"{clip.psnr:.1f} dB",
        f"{clip.bytes_before / 1000:,.0f} → {clip.bytes_after / 1000:,.0f} kB",
        f"{clip.pictures_before:.0f} → {clip.pictures_after:.0f}",
        f"{1000 * clip.seconds_before:.1f} → {1000 * clip.seconds_after:.1f} ms",
    ]


def _pairs(clips: Sequence[ClipQuality]) -> str:
    worst = sorted(clips, key=lambda clip: min(clip.frame_ssim))[:WORST]
    return '<div class="pairs">' + "".join(_pair(clip) for clip in worst) + "</div>"


def _pair(clip: ClipQuality) -> str:
    words = f"{escape(clip.name)}, frame {clip.worst_frame}: SSIM {min(clip.frame_ssim):.4f}"
    return (
        f'<figure><img alt="{words}" src="data:image/webp;base64,{escape(clip.picture)}">'
        f"<figcaption>{words}</figcaption></figure>"
    )
