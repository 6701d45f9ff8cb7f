"""`kinetics-fast report`: reports on the index of a data set, as a page and as text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from kinetics_fast.cli.exit_codes import ExitCode


def report(
    index: Annotated[
        Path,
        typer.Argument(metavar="INDEX", help="Index of `scan` or `prepare`, or its folder.", exists=True),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Path of the page. [INDEX.html]", show_default=False)
    ] = None,
    gallery: Annotated[int, typer.Option(min=0, help="Number of moving pictures per class.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> int:
    """Report on every clip of a scanned data set.

    The report is an HTML page that needs no network, and a summary. The page shows counts by split and class,
    missing and broken clips with reasons, distributions of facts about the clips, moving pictures of every
    class, and what `prepare --quality` has measured.
    """
    from kinetics_fast._files import atomic_write
    from kinetics_fast.cli.commands.report_output import print_summary
    from kinetics_fast.cli.terminal import progress_bar, say
    from kinetics_fast.dataset_index.find import find_index
    from kinetics_fast.dataset_index.quality_file import read_quality
    from kinetics_fast.dataset_index.reader import IndexFile
    from kinetics_fast.report.counts import count
    from kinetics_fast.report.gallery import chosen_count
    from kinetics_fast.report.gallery import gallery as make_gallery
    from kinetics_fast.report.histograms import histograms
    from kinetics_fast.report.page import render
    from kinetics_fast.report.plain import as_json as plain_values

    path = find_index(index)
    opened = IndexFile(path)
    counts = count(opened)
    published = opened.facts.get("published", {})
    with progress_bar("gallery", chosen_count(opened, gallery)) as advance:
        sprites = make_gallery(opened, gallery, advance)
    page = out or path.with_suffix(".html")
    with atomic_write(page) as file:
        # The names of the folder and of classes may contain bytes that are not UTF-8.
        html = render(opened, counts, histograms(opened), sprites, read_quality(path))
        file.write(html.encode("utf-8", "backslashreplace"))
    if as_json:
        print(json.dumps({"page": str(page), **plain_values(counts, published)}, indent=2))
    else:
        print_summary(counts, published)
        say(f"the page: {page}")
    return ExitCode.FAULTS if counts.total.rows > counts.total.by_status["ok"] else ExitCode.OK
