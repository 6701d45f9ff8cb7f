"""Draw the samples per second of all readers: python benchmarks/plot_peers.py docs/speed.md docs/peers.svg.

The figures are those of the page's table of training samples, so that picture and table always agree.
"""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path

TABLE = "the floor: decoding alone"  # the name of its first row
LEFT, WIDTH, BAR, GAP = 250, 400, 18, 6  # pixels: names, the longest bar, one bar, space between bars
OURS, PEER, FLOOR = "#1f6fb2", "#a9b4bd", "#dcdfe2"


def rows(page: str) -> tuple[list[str], list[tuple[str, list[float]]]]:
    """Give the titles of the columns, and the name and figures of every row of the table."""
    (table,) = (block for block in page.split("\n\n") if TABLE in block and block.startswith("|"))
    cells = [[cell.strip(" *") for cell in line.strip("| ").split("|")] for line in table.splitlines()]
    titles, _, *lines = cells
    figures = [[float(re.findall(r"[\d.]+", cell)[0]) for cell in line[1:]] for line in lines]
    return titles[1:], [
        (line[0].replace("*", ""), values) for line, values in zip(lines, figures, strict=True)
    ]


def bar(name: str, value: float, longest: float, top: float) -> list[str]:
    """Give the drawing of one bar, with its name on the left and its figure on the right."""
    color = OURS if name.startswith("kinetics_fast") else FLOOR if name.startswith("the floor") else PEER
    wide, middle = WIDTH * value / longest, top + BAR / 2 + 4
    return [
        f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(name)}</text>',
        f'<rect x="{LEFT}" y="{top}" width="{wide:.1f}" height="{BAR}" fill="{color}"/>',
        f'<text x="{LEFT + wide + 6:.1f}" y="{middle}">{value:.1f}</text>',
    ]


def main(page: Path, target: Path) -> None:
    titles, lines = rows(page.read_text())
    longest = max(max(values) for _, values in lines)
    parts: list[str] = []
    top = 10.0
    for column, title in enumerate(titles):
        parts.append(f'<text x="{LEFT}" y="{top + 12}" font-weight="bold">{escape(title)}</text>')
        top += 20
        for name, values in lines:
            parts += bar(name, values[column], longest, top)
            top += BAR + GAP
        top += GAP
    size = f"{LEFT + WIDTH + 60} {top:.0f}"
    style = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" {style}>'
    background = '<rect width="100%" height="100%" fill="white"/>'
    target.write_text("\n".join([head, background, *parts, "</svg>"]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
