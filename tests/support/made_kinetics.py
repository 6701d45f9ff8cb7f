"""Makes a small Kinetics in any layout and plants every known kind of trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.made_annotations import write_annotations
from support.made_tree import LAYOUTS, SPLITS, MadeKinetics, TreeMaker
from support.made_troubles import TROUBLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def make_kinetics(
    root: Path, version: str, layout: str, clips: int = 2000, contents: Mapping[str, bytes] | None = None
) -> MadeKinetics:
    """Make about `clips` rows and their files under `root`.

    `contents` are the contents of files by name; one name must be "ok". The clips without other trouble get
    the contents in turn.
    """
    made = MadeKinetics(root, version, LAYOUTS[layout])
    maker = TreeMaker(made, contents or {"ok": b"\0"})
    for split, share in SPLITS.items():
        made.has_labels[split] = split != "test" or version in ("400", "700")
        _make_split(maker, split, int(clips * share))
        has_labels = write_annotations(root, version, split, made.rows[split])
        assert has_labels == made.has_labels[split]
    maker.make_strays()
    maker.write_archives()
    return made


def _make_split(maker: TreeMaker, split: str, clips: int) -> None:
    rows = maker.made.rows[split]
    for trouble in TROUBLES:
        for _ in range(max(2, clips // 100)):
            rows += trouble(maker, maker.new_row(split)) or []
    while len(rows) < clips:
        rows.append(maker.ordinary_row(split))
    maker.rng.shuffle(rows)
