"""Writes the files of a small Kinetics in any layout, and keeps a ledger of the rows and the files.

Every row of the annotations states its expected outcome (`Row.reason`, `Row.path`) and the content of its
file (`Row.content`). For every file the ledger states the split whose rows name the file.
"""

from __future__ import annotations

import io
import random
import re
import string
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kinetics_fast.datasets.matching import Outcome, Reason

SPLITS = {"train": 0.6, "val": 0.2, "test": 0.2}
VERSIONS = ("400", "600", "700", "700-2020")
CLASSES = [
    "abseiling",
    "air drumming",
    "massaging person's head",
    "mountain climber (exercise)",
    "passing American football (in game)",
    "petting animal (not cat)",
    "tai chi",
    "tossing coin, twice",
    "zumba",
]
_ID_LETTERS = string.ascii_letters + string.digits + "-_"
ODD_IDS = ("--HHKLZPagg", "-3B32lodo2M", "___________", "a_000010_00", "-----------")


def as_is(label: str) -> str:
    return label


def with_underscores(label: str) -> str:
    return label.replace(" ", "_")


def stripped(label: str) -> str:
    return "".join(c for c in with_underscores(label) if c not in "'()")


@dataclass(frozen=True)
class Layout:
    """How clips are stored: in class folders with a spelling, named by the id only, in tar archives."""

    spelling: Callable[[str], str] | None = None
    is_bare: bool = False
    archive: str | None = None  # "numbered" or "class"


LAYOUTS = {
    "flat": Layout(),
    "class folders as labels": Layout(as_is),
    "class folders with underscores": Layout(with_underscores),
    "class folders without quotes": Layout(stripped),
    "bare ids": Layout(is_bare=True),
    "bare ids in class folders": Layout(with_underscores, is_bare=True),
    "numbered archives": Layout(archive="numbered"),
    "class archives": Layout(as_is, archive="class"),
}


@dataclass
class Row:
    """A row of the annotations, and its expected outcome."""

    youtube_id: str
    start: int | None
    end: int | None
    label: str
    split: str
    trouble: str = "none"
    reason: Reason = Reason.NO_FILE
    path: str | None = None
    """The expected file, relative to the root; the archive of a member is written as a folder."""
    content: str = "ok"
    """The name of the content of the file, see `TreeMaker.contents`."""

    @property
    def name(self) -> str:
        assert self.start is not None
        assert self.end is not None
        return f"{self.youtube_id}_{self.start:06d}_{self.end:06d}"


@dataclass
class MadeKinetics:
    """A tree of files and its ledger."""

    root: Path
    version: str
    layout: Layout
    rows: dict[str, list[Row]] = field(default_factory=lambda: {split: [] for split in SPLITS})
    named_by: dict[str, str | None] = field(default_factory=dict)
    """For every video the split whose rows name the video, or None."""
    has_labels: dict[str, bool] = field(default_factory=dict)
    set_aside: dict[str, int] = field(default_factory=dict)
    """The number of files that are not videos, by the word for them in reports."""
    compressed: list[str] = field(default_factory=list)

    def unnamed(self, split: str) -> set[str]:
        """Return the videos that no row of `split` names and that are not in the folder of another split."""
        return {
            path
            for path, named_by in self.named_by.items()
            if named_by != split and path.split("/")[0] not in set(SPLITS) - {split}
        }

    def rows_of(self, split: str, outcome: Outcome) -> list[int]:
        return [number for number, row in enumerate(self.rows[split]) if row.reason.outcome is outcome]


class TreeMaker:
    """Writes files and the ledger. `made_troubles.py` defines the troubles."""

    def __init__(self, made: MadeKinetics, contents: Mapping[str, bytes]) -> None:
        self.made = made
        self.layout = made.layout
        self.contents = contents
        self.rng = random.Random(made.version)
        self._odd_ids = list(ODD_IDS)
        self._next_content = 0
        self._folders: set[Path] = set()
        self._archives: dict[str, dict[str, bytes]] = {}

    def new_row(self, split: str) -> Row:
        youtube_id = "".join(self.rng.choices(_ID_LETTERS, k=11))
        start = self.rng.randrange(600)
        return Row(youtube_id, start, start + 10, self.rng.choice(CLASSES), split)

    def ordinary_row(self, split: str) -> Row:
        """Put the file of a row without trouble, with the next of the contents, and return the row."""
        row = self.new_row(split)
        row.youtube_id = self._odd_ids.pop() if self._odd_ids else row.youtube_id
        row.content = list(self.contents)[self._next_content % len(self.contents)]
        self._next_content += 1
        self.put_whole(row)
        return row

    def has_label(self, row: Row) -> bool:
        return self.made.has_labels[row.split]

    def put_whole(self, row: Row) -> None:
        """Put the file of the row where the layout stores it."""
        row.path = self.put(row, row.youtube_id if self.layout.is_bare else row.name, content=row.content)
        row.reason = Reason.BARE_ID if self.layout.is_bare else Reason.EXACT

    def put(
        self,
        row: Row,
        name: str,
        *,
        label: str | None = None,
        split: str | None = None,
        suffix: str = ".mp4",
        named: bool = True,
        content: str = "ok",
    ) -> str:
        """Put a file where the layout stores the files of the row, or of another label or split."""
        folder = split or row.split
        spelling = self.layout.spelling
        class_name = spelling(label or row.label) if spelling else None
        if self.layout.archive == "numbered":
            folder += f"/k700_{folder}_{self.rng.randrange(3):03d}.tar"
        elif self.layout.archive == "class":
            folder += f"/{class_name}.tar.gz"  # not compressed in spite of its name, like one archive of CVDF
        elif class_name:
            folder += f"/{class_name}"
        return self.put_at(f"{folder}/{name}{suffix}", row.split if named else None, content)

    def put_at(self, path: str, named_by: str | None, content: str = "ok") -> str:
        """Put a video at `path`, in a folder or in an archive."""
        self.made.named_by[path] = named_by
        if member := re.fullmatch(r"(.*?\.tar(?:\.gz)?)/(.*)", path):
            self._archives.setdefault(member[1], {})[f"./{member[2]}"] = self.contents[content]
        else:
            self.touch(path, self.contents[content])
        return path

    def touch(self, path: str, data: bytes = b"?") -> None:
        """Write a file without an entry in the ledger."""
        full_path = self.made.root / path
        if full_path.parent not in self._folders:
            full_path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(full_path.parent)
        full_path.write_bytes(data)

    def set_aside(self, word: str) -> None:
        self.made.set_aside[word] = self.made.set_aside.get(word, 0) + 1

    def make_strays(self) -> None:
        """Put videos that no row names, and files that are not videos."""
        for split in SPLITS:
            row = self.new_row(split)
            self.put(row, row.name, named=False)
            self.put_at(f"{split}/holiday, day 1.mp4", None)
        self.put_at("unsorted/zzzzzzzzzzz_000001_000011.webm", None)
        for word, name in [
            ("hidden file or folder", ".DS_Store"),
            ("other file", "readme.md"),
            ("other file", "x.mp4.txt"),
        ]:
            self.touch(f"train/{name}")
            self.set_aside(word)
        self.touch(".snapshot/train/zzzzzzzzzzz_000001_000011.mp4")
        self.set_aside("hidden file or folder")
        self.made.set_aside["other file"] += sum(1 for _ in (self.made.root / "annotations").iterdir())
        self.touch("train/part_9.tar.gz", b"\x1f\x8b\x08 compressed")
        self.made.compressed.append("train/part_9.tar.gz")

    def write_archives(self) -> None:
        """Write the tar archives without compression, with the members in the order of `put`."""
        for path, members in self._archives.items():
            (self.made.root / path).parent.mkdir(parents=True, exist_ok=True)
            with tarfile.open(self.made.root / path, "w:") as archive:
                for name, data in {f"./._{len(members)}.mp4": b"AppleDouble", **members}.items():
                    info = tarfile.TarInfo(name)
                    info.size = len(data)
                    archive.addfile(info, io.BytesIO(data))
