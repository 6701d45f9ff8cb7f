"""Makes small data sets with every fault, and states the status that a scan must report for each file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg

from kinetics_fast.dataset_index.reader import IndexFile
from kinetics_fast.dataset_index.schema import DEFAULT_NAME
from kinetics_fast.scan.scanner import ScanResult, scan
from kinetics_fast.scan.targets import targets_of_folder
from videos import ffmpeg_cli, media


def _encode(path: Path, seconds: float, **options: Any) -> None:
    picture = ffmpeg.input(f"testsrc2=size=96x64:rate=6:duration={seconds}", f="lavfi")
    more = {"vcodec": "libx264", "pix_fmt": "yuv420p", "preset": "veryfast", "threads": 1, "g": 24, **options}
    ffmpeg_cli.run(ffmpeg.output(picture, str(path), fflags="+bitexact", **more))


def ten_seconds() -> bytes:
    """Return a good clip of ten seconds, with its moov box at the end."""
    return media.cached("ten_seconds.mp4", lambda path: _encode(path, 10)).read_bytes()


def header_first() -> bytes:
    """Return a good clip of ten seconds, with its moov box at the beginning."""
    return media.cached("header_first.mp4", lambda path: _encode(path, 10, movflags="faststart")).read_bytes()


def three_seconds() -> bytes:
    return media.cached("three_seconds.mp4", lambda path: _encode(path, 3)).read_bytes()


def _sound(path: Path) -> None:
    tone = ffmpeg.input("sine=frequency=440:duration=2", f="lavfi")
    ffmpeg_cli.run(ffmpeg.output(tone, str(path), acodec="aac", fflags="+bitexact"))


def contents() -> dict[str, bytes]:
    """Return files by their expected status; a number separates files with the same status."""
    whole, first = ten_seconds(), header_first()
    begin, end = whole.index(b"mdat") + 4, whole.index(b"moov") - 4
    return {
        "ok": whole,
        "ok 2": first,
        "empty": b"",
        "no moov": whole[:-2000],
        "no moov 2": whole[:40],
        "truncated": first[: len(first) * 2 // 3],
        "short": three_seconds(),
        "no video": media.cached("sound.mp4", _sound).read_bytes(),
        "no video 2": b"<html><body><h1>403 Forbidden</h1></body></html>\n" * 40,
        "undecodable": whole[:begin] + bytes(end - begin) + whole[end:],
    }


def status_of(name: str) -> str:
    return name.removesuffix(" 2")


def make_tree(root: Path) -> dict[str, str]:
    """Make class folders in train and val with one file per content; return the status of each path."""
    expected = {}
    for place, folder in enumerate(("train/abseiling", "train/air drumming", "val/abseiling")):
        (root / folder).mkdir(parents=True)
        for number, (name, data) in enumerate(contents().items()):
            path = f"{folder}/{place:05d}-{number:05d}_000010_000020.mp4"
            (root / path).write_bytes(data)
            expected[path] = status_of(name)
    return expected


def scanned(root: Path, index: Path | None = None, **options: Any) -> tuple[IndexFile, ScanResult]:
    """Scan a folder and open the index."""
    index = index or root / DEFAULT_NAME
    result = scan(root, targets_of_folder(root), index, **options)
    return IndexFile(index), result


def statuses(index: IndexFile) -> dict[str, str]:
    columns = (index.table.column(name).to_pylist() for name in ("path", "status"))
    return dict(zip(*columns, strict=True))


def rows(index: IndexFile) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = index.table.to_pylist()
    return found
