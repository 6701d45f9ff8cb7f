"""Every annotation row of every version and layout has the expected outcome, and all counts add up."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kinetics_fast as kf
from kinetics_fast.datasets.matching import Outcome, Reason, Use
from support.made_kinetics import make_kinetics
from support.made_tree import CLASSES, LAYOUTS, SPLITS, VERSIONS, MadeKinetics

CLIPS = 2000
TREES = [(version, layout) for version in VERSIONS for layout in LAYOUTS]


@pytest.fixture(scope="module", params=TREES, ids="-".join)
def made(request: pytest.FixtureRequest) -> Iterator[MadeKinetics]:
    version, layout = request.param
    in_memory = Path("/dev/shm")  # much faster for about 70,000 small files
    with tempfile.TemporaryDirectory(dir=in_memory if in_memory.is_dir() else None) as root:
        yield make_kinetics(Path(root), version, layout, CLIPS)


@pytest.fixture(scope="module")
def splits(made: MadeKinetics) -> dict[str, kf.Kinetics]:
    return {split: kf.Kinetics(made.root, made.version, split) for split in SPLITS}


def where(root: Path, source: Any) -> str:
    """Return the path of the source of a record; for a member, the path of its archive."""
    path = source.path if isinstance(source, kf.FileRange) else source
    return Path(path).relative_to(root).as_posix()


def test_every_row_has_the_planted_outcome(made: MadeKinetics, splits: dict[str, kf.Kinetics]) -> None:
    for split, kinetics in splits.items():
        matches = kinetics.matches
        for number, row in enumerate(made.rows[split]):
            file = int(matches.file_of[number])
            path = None if file < 0 else matches.files.relative_path(file)
            found = Reason(matches.reasons[number]).name, path
            assert found == (row.reason.name, row.path), (split, row.trouble, matches.explain(number))


def test_records_are_the_matched_rows_in_order(made: MadeKinetics, splits: dict[str, kf.Kinetics]) -> None:
    for split, kinetics in splits.items():
        expected = made.rows_of(split, Outcome.MATCHED)
        assert kinetics.column("row").tolist() == expected
        for record, number in zip(kinetics, expected, strict=True):
            row = made.rows[split][number]
            assert str(row.path).startswith(where(made.root, record.source))
            label = None if record.label is None else kinetics.classes[record.label]
            assert label == (row.label if made.has_labels[split] else None)
            assert record.id == (row.youtube_id if row.start is None else row.name)


def test_rows_add_up(made: MadeKinetics, splits: dict[str, kf.Kinetics]) -> None:
    for split, kinetics in splits.items():
        report = kinetics.report()
        planted = Counter(row.reason for row in made.rows[split])
        for outcome in Outcome:
            reasons = {reason: planted[reason] for reason in Reason if reason.outcome is outcome}
            name = outcome.name.lower()
            assert report[name] == sum(reasons.values())
            assert report[f"{name}, why"] == {reason.text: n for reason, n in reasons.items() if n}
        assert report["matched"] + report["missing"] + report["ambiguous"] == len(made.rows[split])
        assert report["rows"] == len(made.rows[split])


def test_files_add_up(made: MadeKinetics, splits: dict[str, kf.Kinetics]) -> None:
    for split, kinetics in splits.items():
        files = kinetics.report()["files"]
        kinds = ("used", "spare", "named by no row", "of other splits")
        assert sum(files[kind] for kind in kinds) == files["videos"] == len(made.named_by)
        assert files["set aside"] == made.set_aside
        assert list(files["archives not read to the end"].values()) == [made.compressed]
        matches = kinetics.matches
        assert set(matches.unnamed_files()) == made.unnamed(split)
        used = {matches.files.relative_path(number) for number in (matches.uses == Use.USED).nonzero()[0]}
        assert used == {row.path for row in made.rows[split]} - {None}


def test_labels_have_the_same_numbers_in_every_split(splits: dict[str, kf.Kinetics]) -> None:
    train, val, test = (kinetics.classes for kinetics in splits.values())
    assert train == val == test == tuple(sorted(CLASSES))
