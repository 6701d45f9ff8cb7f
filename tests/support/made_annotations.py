"""Writes annotations in the format in which each version of Kinetics was published."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.made_tree import Row

VALIDATION_WORD = {"400": "val", "600": "val", "700": "validate", "700-2020": "validate"}


def write_annotations(root: Path, version: str, split: str, rows: Sequence[Row]) -> bool:
    """Write the file of a split as the publishers of `version` did; return whether it has labels."""
    folder = root / "annotations"
    folder.mkdir(exist_ok=True)
    word = VALIDATION_WORD[version] if split == "val" else split
    if version == "400":  # the labels of the test set were published in 2021
        write_csv(folder / f"{split}.csv", word, rows, has_labels=True, has_licence=True)
    elif version == "600" and split != "test":
        write_csv(folder / f"{split}.txt", word, rows, has_labels=True)
        write_csv(folder / f"{split}.csv", word, rows[::2], has_labels=True)  # incomplete, as published
    elif version == "700-2020" and split == "val":
        write_json(folder / "kinetics700_2020_validate.json", word, rows)
    else:
        has_labels = split != "test" or version == "700"
        write_csv(folder / f"{word}.csv", word, rows, has_labels=has_labels)
        return has_labels
    return True


def write_csv(
    path: Path, word: str, rows: Sequence[Row], *, has_labels: bool, has_licence: bool = False
) -> None:
    """Write the columns of DeepMind; a label with a space or a comma is quoted."""
    with path.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        header = ["label"] * has_labels + ["youtube_id", "time_start", "time_end", "split"]
        table.writerow(header + ["is_cc"] * has_licence)
        for row in rows:
            times = ["", ""] if row.start is None else [row.start, row.end]
            table.writerow([row.label] * has_labels + [row.youtube_id, *times, word] + ["0"] * has_licence)


def write_json(path: Path, word: str, rows: Sequence[Row]) -> None:
    """Write the JSON of DeepMind. A repeated id is a repeated key, which no JSON library writes."""
    entries = []
    for row in rows:
        annotation: dict[str, object] = {"label": row.label}
        if row.start is not None and row.end is not None:
            annotation["segment"] = [float(row.start), float(row.end)]
        url = f"https://www.youtube.com/watch?v={row.youtube_id}"
        entry = {"annotations": annotation, "duration": 10.0, "subset": word, "url": url}
        entries.append(f"  {json.dumps(row.youtube_id)}: {json.dumps(entry)}")
    path.write_text("{\n" + ",\n".join(entries) + "\n}\n")
