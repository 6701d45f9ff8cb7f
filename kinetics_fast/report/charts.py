"""Draws histograms as inline SVG: bars in the colours of the page, with tooltips."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kinetics_fast.report.histograms import Histogram

WIDTH, HEIGHT, AXIS = 360, 150, 18
ROW, WORDS, COUNT = 22, 118, 64  # of a bar of words: height, width of the word, width of the count


def chart(histogram: Histogram) -> str:
    """Return a drawing of a histogram.

    Parameters
    ----------
    histogram : Histogram
        A histogram with at least one bar.

    Returns
    -------
    str
        An ``svg`` element.
    """
    return _rows(histogram) if histogram.ends is None else _columns(histogram, *histogram.ends)


def _columns(histogram: Histogram, begin: str, end: str) -> str:
    most, total = max(histogram.clips), sum(histogram.clips)
    step = WIDTH / len(histogram.clips)
    bars = []
    for number, (label, clips) in enumerate(zip(histogram.labels, histogram.clips, strict=True)):
        height = (HEIGHT - AXIS) * clips / most
        height = max(height, 1.5) if clips else 0
        place = f'x="{number * step + 1:.1f}" width="{max(1, step - 2):.1f}"'
        bars.append(
            f'<g><title>{_tooltip(label, clips, total)}</title><rect class="hit" {place} y="0" '
            f'height="{HEIGHT - AXIS}"/><rect class="bar" {place} y="{HEIGHT - AXIS - height:.1f}" '
            f'height="{height:.1f}" rx="1.5"/></g>'
        )
    ends = "".join(
        f'<text x="{x}" y="{HEIGHT - 4}" text-anchor="{anchor}">{escape(label)}</text>'
        for x, anchor, label in ((0, "start", begin), (WIDTH, "end", end))
    )
    axis = f'<line class="axis" x1="0" x2="{WIDTH}" y1="{HEIGHT - AXIS}" y2="{HEIGHT - AXIS}"/>'
    return _svg(histogram, HEIGHT, "".join(bars) + axis + ends)


def _rows(histogram: Histogram) -> str:
    most, total = max(histogram.clips), sum(histogram.clips)
    room = WIDTH - WORDS - COUNT
    rows = []
    for number, (label, clips) in enumerate(zip(histogram.labels, histogram.clips, strict=True)):
        top, width = number * ROW, max(2.0, room * clips / most)
        rows.append(
            f"<g><title>{_tooltip(label, clips, total)}</title>"
            f'<text class="word" x="{WORDS - 8}" y="{top + 15}" text-anchor="end">{escape(label)}</text>'
            f'<rect class="bar" x="{WORDS}" y="{top + 4}" width="{width:.1f}" height="{ROW - 8}" rx="2"/>'
            f'<text x="{WORDS + width + 6:.1f}" y="{top + 15}">{clips:,}</text></g>'
        )
    return _svg(histogram, len(rows) * ROW, "".join(rows))


def _tooltip(label: str, clips: int, total: int) -> str:
    return f"{escape(label)}: {clips:,} clips, {100 * clips / total:.1f} %"


def _svg(histogram: Histogram, height: int, content: str) -> str:
    title = escape(histogram.title)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}">{content}</svg>'
    )
