"""A table that becomes a list of blocks where the lines are too short for its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

LEAST_WIDTH = 24  # of a column whose text may be folded
GAP = 1  # between two columns
INDENT = 2


class FittingTable(Table):
    """A table without lines between its rows.

    If the columns need more than the width of the console, each row is a block: the first cell, then one line
    for each other cell, with its heading.
    """

    def __init__(self) -> None:
        super().__init__(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the table or the blocks."""
        needed = sum(_width(column) + GAP for column in self.columns) + GAP
        if needed <= options.max_width:
            yield from super().__rich_console__(console, options)
            return
        first, *others = self.columns
        for row, name in enumerate(first.cells):
            yield Text(_plain(name), "bold", overflow="fold")
            block = Table.grid(padding=(0, 2))
            block.add_column(no_wrap=True)
            block.add_column(overflow="fold")
            for column in others:
                if _plain(cell := list(column.cells)[row]):
                    block.add_row(_plain(column.header).replace("\n", " "), cell)
            yield Padding(block, (0, 0, 0, INDENT))
        if self.caption:
            yield self.caption


def _width(column: Column) -> int:
    lines = [line for cell in (column.header, *column.cells) for line in _plain(cell).split("\n")]
    widest = max(map(cell_len, lines))
    return widest if column.no_wrap else min(widest, LEAST_WIDTH)


def _plain(cell: object) -> str:
    return cell.plain if isinstance(cell, Text) else str(cell)
