"""Ranges of bytes: which of them are missing, and which are fetched by one request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Range: TypeAlias = "tuple[int, int]"  # offset and size in bytes
Span: TypeAlias = "tuple[int, int]"  # begin and end


def joined(spans: Iterable[Span], gap: int) -> list[Span]:
    """Return spans in their order, those joined that lie at most `gap` bytes apart."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1] + gap:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def missing(wanted: Iterable[Range], held: Iterable[Range], most: int) -> list[Range]:
    """Return the parts of the wanted ranges that are not held, in at most so many ranges."""
    known = joined(((offset, offset + size) for offset, size in held), 0)
    absent: list[Span] = []
    for begin, end in joined(((offset, offset + size) for offset, size in wanted), 0):
        at = begin
        for held_begin, held_end in known:
            if held_end <= at or held_begin >= end:
                continue
            if held_begin > at:
                absent.append((at, held_begin))
            at = held_end
        if at < end:
            absent.append((at, end))
    gap = 0
    while len(absent) > most:
        gap = max(2 * gap, 1 << 16)
        absent = joined(absent, gap)
    return [(begin, end - begin) for begin, end in absent]
