"""Renders the report as one HTML page that needs no network and no other files."""

from __future__ import annotations

import base64
import json
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from kinetics_fast.dataset_index import schema
from kinetics_fast.remote.folder import RemoteFolder
from kinetics_fast.report.charts import chart
from kinetics_fast.report.counts import NO_LABEL, SHOWN
from kinetics_fast.report.quality import quality_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kinetics_fast.dataset_index.quality_file import ClipQuality
    from kinetics_fast.dataset_index.reader import IndexFile
    from kinetics_fast.report.counts import Counts, StatusCounts
    from kinetics_fast.report.gallery import Sprite
    from kinetics_fast.report.histograms import Histogram

FILE_COUNTS = (
    "videos",
    "used",
    "spare",
    "named by no row",
    "of other splits",
)  # as `Matches.counts` has them
UNREAD = ("archives not read to the end", "folders not listed")
MOST_LISTED = 100_000  # clips that are not ok; a longer list would make the page too large to open


def render(
    index: IndexFile,
    counts: Counts,
    distributions: Sequence[Histogram],
    sprites: Sequence[Sprite],
    quality: Sequence[ClipQuality] = (),
) -> str:
    """Return the page.

    Parameters
    ----------
    index : IndexFile
        The index.
    counts, distributions, sprites
        The results of `count`, `histograms` and `gallery` for this index.
    quality : sequence of ClipQuality, optional
        What `kinetics-fast prepare --quality` has measured.

    Returns
    -------
    str
        HTML.
    """
    title = str(index.facts.get("title") or _name_of(index.root))
    return Template(_asset("page.html")).substitute(
        title=escape(title),
        style=_asset("style.css"),
        script=_asset("page.js"),
        about=_about(index),
        tiles=_tiles(counts),
        bar=_status_bar(counts.total),
        splits=_split_table(counts)
        + _published(counts, index.facts.get("published", {}))
        + _files(index.facts.get("files", {})),
        reasons=_reason_table(counts),
        charts="".join(_figure(histogram) for histogram in distributions if sum(histogram.clips)),
        quality=quality_section(quality),
        quality_link='<a href="#quality">Quality</a>' if quality else "",
        data=json.dumps(_data(index, counts, sprites), separators=(",", ":")).replace("<", "\\u003c"),
    )


def _name_of(root: Path | RemoteFolder) -> str:
    return root.url if isinstance(root, RemoteFolder) else root.resolve().name or str(root)


def _asset(name: str) -> str:
    return (resources.files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _about(index: IndexFile) -> str:
    words = [f"<code>{escape(str(index.root))}</code>"]
    if scanned := index.facts.get("scanned"):
        words.append(f"scanned {escape(scanned)}")
    sizes = index.table.column("size")
    words.append(f"{(pc.sum(sizes).as_py() or 0) / 1e9:,.2f} GB")
    seconds = pc.sum(index.table.column("duration")).as_py() or 0
    words.append(f"{seconds / 3600:,.1f} hours")
    return " · ".join(words)


def _tiles(counts: Counts) -> str:
    total = counts.total
    tiles = [
        ("clips", f"{total.rows:,}", "annotated or found", ""),
        ("usable", f"{total.usable:,}", f"{total.retained:.2f} % of them", "good"),
        ("missing", f"{total.missing:,}", "no file matches", "warn" if total.missing else ""),
        ("broken", f"{total.broken:,}", "the file cannot be read", "bad" if total.broken else ""),
        ("classes", f"{sum(name != NO_LABEL for name in counts.by_class):,}", _class_note(counts), ""),
    ]
    return "".join(
        f'<div class="tile {kind}"><b>{name}</b><strong>{number}</strong><span>{note}</span></div>'
        for name, number, note, kind in tiles
    )


def _class_note(counts: Counts) -> str:
    usable = [counts.of_class(name).usable for name in counts.by_class if name != NO_LABEL]
    return f"{min(usable):,} to {max(usable):,} usable clips each" if usable else ""


def _status_bar(total: StatusCounts) -> str:
    present = [(status, total.by_status[status]) for status in SHOWN if total.by_status[status]]
    parts = "".join(
        f'<i class="{_css(status)}" style="flex-grow:{clips}" title="{status}: {clips:,}"></i>'
        for status, clips in present
    )
    legend = "".join(
        f'<li><i class="{_css(status)}"></i>{status} <b>{clips:,}</b></li>' for status, clips in present
    )
    bar = f'<div class="shares" role="img" aria-label="clips by status">{parts}</div>'
    return f'{bar}<ul class="legend">{legend}</ul>'


def _css(status: str) -> str:
    return "s-" + status.replace(" ", "-")


def _split_table(counts: Counts) -> str:
    present = [status for status in SHOWN if counts.total.by_status[status]]
    rows = [(split, each) for split, each in counts.by_split.items()]
    if len(rows) > 1:
        rows.append(("all", counts.total))
    head = "".join(f'<th class="n">{status}</th>' for status in present)
    body = "".join(
        f'<tr><th scope="row">{escape(split)}</th><td class="n">{each.rows:,}</td>'
        + "".join(f'<td class="n">{each.by_status[status]:,}</td>' for status in present)
        + f'<td class="n"><b>{each.retained:.2f} %</b></td></tr>'
        for split, each in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr><th>split</th><th class="n">clips</th>{head}'
        f'<th class="n">retained</th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def _published(counts: Counts, published: dict[str, dict[str, int]]) -> str:
    rows = [
        f'<tr><th scope="row">{escape(split)}</th><td>{escape(what)}</td><td class="n">{number:,}</td>'
        f'<td class="n">{100 * counts.by_split[split].usable / number:.2f} %</td></tr>'
        for split, each in published.items()
        if split in counts.by_split
        for what, number in each.items()
    ]
    if not rows:
        return ""
    return (
        '<h3>Against what others counted</h3><div class="scroll"><table><thead><tr><th>split</th>'
        '<th>counted</th><th class="n">clips</th><th class="n">usable here</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _files(by_split: dict[str, dict[str, Any]]) -> str:
    """Return a table of the use of the files, some of which belong to no row."""
    rows = "".join(
        f'<tr><th scope="row">{escape(split)}</th>'
        + "".join(f'<td class="n">{counts[name]:,}</td>' for name in FILE_COUNTS)
        + f"<td>{escape(_set_aside(counts))}</td></tr>"
        for split, counts in by_split.items()
    )
    if not rows:
        return ""
    head = "".join(f'<th class="n">{name}</th>' for name in FILE_COUNTS)
    return (
        '<h3>What became of the files</h3><div class="scroll"><table><thead><tr><th>split</th>'
        f"{head}<th>set aside</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _set_aside(counts: dict[str, Any]) -> str:
    kinds = [f"{number:,} x {kind}" for kind, number in counts.get("set aside", {}).items()]
    unread = [f"{what}: {' '.join(paths)}" for name in UNREAD for what, paths in counts.get(name, {}).items()]
    return ", ".join(kinds + unread)


def _reason_table(counts: Counts) -> str:
    if not counts.reasons:
        return '<p class="note">Every clip is present and can be read completely.</p>'
    rows = "".join(
        f'<tr><td class="status"><i class="dot {_css(each.status)}"></i>{each.status}</td>'
        f'<td>{escape(each.words)}</td><td class="n">{each.clips:,}</td>'
        f'<td class="path">{escape(each.example)}</td></tr>'
        for each in counts.reasons
    )
    return (
        '<div class="scroll"><table><thead><tr><th>status</th><th>why</th><th class="n">clips</th>'
        f"<th>such as</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _figure(histogram: Histogram) -> str:
    return (
        f"<figure><figcaption><b>{escape(histogram.title)}</b><span>{escape(histogram.note)}</span></figcaption>"
        f"{chart(histogram)}</figure>"
    )


def _data(index: IndexFile, counts: Counts, sprites: Iterable[Sprite]) -> dict[str, Any]:
    """Return the data for the script of the page: classes, their sprites, and clips that are not ok."""
    of_class: dict[str, list[list[str]]] = {}
    for sprite in sprites:
        picture = base64.b64encode(sprite.webp).decode()
        of_class.setdefault(sprite.label, []).append([sprite.path, picture])
    classes = []
    for name in counts.by_class:
        sums = counts.of_class(name)
        classes.append([name, [sums.by_status[status] for status in SHOWN], of_class.get(name, [])])
    return {"statuses": SHOWN, "classes": classes, "faults": _faults(index)}


def _faults(index: IndexFile) -> dict[str, Any]:
    table = index.table
    rows = table.filter(pc.not_equal(table.column("status").cast(pa.string()), schema.OK))
    listed = rows.slice(0, MOST_LISTED)
    reasons: dict[str, int] = {}
    numbers = [
        reasons.setdefault(reason or "", len(reasons)) for reason in listed.column("reason").to_pylist()
    ]
    names = [
        (f"{path}/{member}" if member else path) or name or ""
        for path, member, name in zip(
            *(listed.column(column).to_pylist() for column in ("path", "member", "id")), strict=True
        )
    ]
    return {
        "count": len(rows),
        "names": names,
        "labels": listed.column("label").to_pylist(),
        "splits": listed.column("split").to_pylist(),
        "status": [SHOWN.index(status) for status in listed.column("status").to_pylist()],
        "reason": numbers,
        "reasons": list(reasons),
    }
