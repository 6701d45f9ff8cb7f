"""The troubles that copies of Kinetics are known for.

Each function plants one trouble and records the expected outcome. It gets the maker and a new row, and
returns the rows to add to the annotations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kinetics_fast.datasets.matching import Reason
from support.made_tree import CLASSES, Row

if TYPE_CHECKING:
    from support.made_tree import TreeMaker

PARTIAL_SUFFIXES = (
    ".mp4.part",
    ".mp4.crdownload",
    ".mp4.tmp",
    ".mp4.ytdl",
    ".part.mp4",
    ".mp4.part-Frag3.part",
)


def another(label: str) -> str:
    return CLASSES[(CLASSES.index(label) + 1) % len(CLASSES)]


def planted(row: Row, trouble: str, reason: Reason, path: str | None = None) -> Row:
    row.trouble, row.reason, row.path = trouble, reason, path
    return row


def missing(_maker: TreeMaker, row: Row) -> list[Row]:
    return [planted(row, "missing", Reason.NO_FILE)]


def unfinished(maker: TreeMaker, row: Row) -> list[Row]:
    name = row.youtube_id if maker.layout.is_bare else row.name
    maker.touch(f"{row.split}/{name}{maker.rng.choice(PARTIAL_SUFFIXES)}")
    maker.set_aside("unfinished download")
    return [planted(row, "unfinished download", Reason.UNFINISHED)]


def apple_double(maker: TreeMaker, row: Row) -> list[Row]:
    maker.touch(f"{row.split}/._{row.name}.mp4")
    maker.set_aside("AppleDouble file (._*)")
    return [planted(row, "AppleDouble alone", Reason.NO_FILE)]


def broken_link(maker: TreeMaker, row: Row) -> list[Row]:
    path = maker.made.root / row.split / f"{row.name}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("nowhere.mp4")
    maker.set_aside("link to nothing")
    return [planted(row, "broken link", Reason.BROKEN_LINK)]


def replaced(maker: TreeMaker, row: Row) -> list[Row]:
    """Put a replacement of the clip, which has the name of the clip or only its id as the name."""
    maker.put_whole(row)
    name = maker.rng.choice([row.name, row.youtube_id])
    path = maker.put_at(f"replacement/replacement_for_corrupted_k400/{name}.mp4", row.split)
    return [planted(row, "replaced", Reason.REPLACED, path)]


def copies(maker: TreeMaker, row: Row) -> list[Row]:
    for folder in ("old copy", "older copy"):
        maker.put_at(f"{folder}/{row.name}.mp4", row.split)
    return [planted(row, "two copies", Reason.SEVERAL_FILES)]


def copy_elsewhere(maker: TreeMaker, row: Row) -> list[Row]:
    if maker.layout.is_bare:
        return []
    maker.put_whole(row)
    maker.put(row, row.name, split="test" if row.split == "train" else "train")
    maker.put_at(f"old copy/{row.name}.mp4", row.split)
    return [planted(row, "copies elsewhere", row.reason, row.path)]


def linked(maker: TreeMaker, row: Row) -> list[Row]:
    path = maker.put_at(f"old copy/{row.name}.mp4", row.split)
    link = maker.made.root / "older copy" / f"{row.name}.mp4"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(maker.made.root / path)
    maker.made.named_by[f"older copy/{row.name}.mp4"] = row.split
    return [planted(row, "file and link", Reason.EXACT, path)]


def other_times(maker: TreeMaker, row: Row) -> list[Row]:
    assert row.start is not None
    maker.put(row, f"{row.youtube_id}_{row.start + 700:06d}_{row.start + 710:06d}", named=False)
    return [planted(row, "other times", Reason.OTHER_TIMES)]


def repeated_id(maker: TreeMaker, row: Row) -> list[Row]:
    assert row.start is not None
    start = row.start + 20
    second = Row(row.youtube_id, start, start + 10, another(row.label), row.split)
    for each in (row, second):
        maker.put_whole(each)
        if maker.layout.is_bare and not (maker.layout.spelling and maker.has_label(row)):
            each.reason, each.path = Reason.SEVERAL_ROWS, None
        each.trouble = "repeated id"
    return [row, second]


def repeated_row(maker: TreeMaker, row: Row) -> list[Row]:
    maker.put_whole(row)
    row.trouble = "repeated row"
    return [row, Row(**vars(row))]


def two_labels(maker: TreeMaker, row: Row) -> list[Row]:
    """Give one clip two labels: one file in a flat layout, else a file in the folder of each class."""
    maker.put_whole(row)
    row.trouble = "two labels"
    second = Row(**{**vars(row), "label": another(row.label)})
    if maker.layout.spelling:
        maker.put_whole(second)
        if not maker.has_label(row):
            for each in (row, second):
                each.reason, each.path = Reason.SEVERAL_FILES, None
    return [row, second]


def no_times(maker: TreeMaker, row: Row) -> list[Row]:
    maker.put_whole(row)
    row.start = row.end = None
    return [planted(row, "no times", Reason.NO_TIMES, row.path)]


def no_times_several_clips(maker: TreeMaker, row: Row) -> list[Row]:
    assert row.start is not None
    for start in (row.start, row.start + 700):
        maker.put(row, f"{row.youtube_id}_{start:06d}_{start + 10:06d}")
    row.start = row.end = None
    return [planted(row, "no times, several clips", Reason.SEVERAL_FILES)]


def with_and_without_times(maker: TreeMaker, row: Row) -> list[Row]:
    """Repeat a row without its times; it matches the same file if the name of the file has the times."""
    second = Row(**vars(row))
    maker.put_whole(row)
    if maker.layout.is_bare:
        for each in (row, second):
            planted(each, "with and without times", Reason.SEVERAL_ROWS)
    else:
        planted(row, "with and without times", Reason.EXACT, row.path)
        planted(second, "with and without times", Reason.NO_TIMES, row.path)
    second.start = second.end = None
    return [row, second]


def timed_and_bare(maker: TreeMaker, row: Row) -> list[Row]:
    maker.put_at(f"{row.split}/{row.youtube_id}.mp4", row.split)
    path = maker.put_at(f"{row.split}/{row.name}.mp4", row.split)
    return [planted(row, "timed and bare", Reason.EXACT, path)]


def other_class_folder(maker: TreeMaker, row: Row) -> list[Row]:
    if not maker.layout.spelling or not maker.has_label(row):
        return []
    if maker.layout.is_bare:
        maker.put(row, row.youtube_id, label=another(row.label), named=False)
        return [planted(row, "other class's folder", Reason.OTHER_CLASS)]
    path = maker.put(row, row.name, label=another(row.label))
    return [planted(row, "other class's folder", Reason.OTHER_CLASS_FOLDER, path)]


def other_extension(maker: TreeMaker, row: Row) -> list[Row]:
    suffix = maker.rng.choice([".mkv", ".webm", ".avi", ".MP4"])
    bare = maker.layout.is_bare
    path = maker.put(row, row.youtube_id if bare else row.name, suffix=suffix)
    return [planted(row, "other extension", Reason.BARE_ID if bare else Reason.EXACT, path)]


def other_split(maker: TreeMaker, row: Row) -> list[Row]:
    path = maker.put(row, row.name, split="train" if row.split != "train" else "val")
    return [planted(row, "other split's folder", Reason.EXACT, path)]


def member_and_file(maker: TreeMaker, row: Row) -> list[Row]:
    """Put a clip both into an archive and beside the archive."""
    if maker.layout.archive is None:
        return []
    member = maker.put(row, row.name)
    path = maker.put_at(f"{row.split}/{row.name}.mp4", row.split)
    of_its_class = maker.layout.archive == "class" and maker.has_label(row)
    return [planted(row, "member and file", Reason.EXACT, member if of_its_class else path)]


TROUBLES = (
    missing,
    unfinished,
    apple_double,
    broken_link,
    replaced,
    copies,
    copy_elsewhere,
    linked,
    other_times,
    repeated_id,
    repeated_row,
    two_labels,
    no_times,
    no_times_several_clips,
    with_and_without_times,
    timed_and_bare,
    other_class_folder,
    other_extension,
    other_split,
    member_and_file,
)
