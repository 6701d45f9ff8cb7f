"""Counts of a data set that print as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kinetics_fast.datasets.table_view import TableView


class Summary(dict[str, Any]):
    """Counts by name, some of them nested. ``str()`` returns a text for people."""

    def __str__(self) -> str:
        return "\n".join(_lines(self, ""))


def summarize(dataset: TableView[Any]) -> Summary:
    """Return counts of clips, classes, statuses and seconds."""
    summary = Summary({"clips": len(dataset)})
    labels = dataset.labels
    if labels.dtype == np.int64:
        summary |= _count_labels(dataset, labels)
    if "status" in dataset.column_names:
        names, counts = np.unique(dataset.column("status").astype(str), return_counts=True)
        summary["status"] = dict(zip(names.tolist(), counts.tolist(), strict=True))
    if "duration" in dataset.column_names:
        seconds = dataset.column("duration").astype(np.float64)
        summary["seconds"] = _spread(seconds[~np.isnan(seconds)])
    return summary


def _count_labels(dataset: TableView[Any], labels: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, Any]:
    known = labels[labels >= 0]
    counts = np.bincount(known, minlength=len(dataset.classes))
    found: dict[str, Any] = {}
    if len(counts):
        found["classes"] = len(counts)
        found["clips a class"] = _spread(counts)
    if len(dataset.classes) and not counts.all():
        found["classes without clips"] = [dataset.classes[i] for i in np.flatnonzero(counts == 0).tolist()]
    if len(known) < len(labels):
        found["clips without a label"] = len(labels) - len(known)
    return found


def _spread(values: np.ndarray[Any, Any]) -> dict[str, float]:
    if not len(values):
        return {}
    return {
        "least": values.min().item(),
        "mean": round(float(values.mean()), 2),
        "most": values.max().item(),
    }


def _lines(counts: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    width = max((len(name) for name in counts), default=0)
    for name, value in counts.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{name}", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name:<{width}}  {_text(value)}")
    return lines


def _text(value: Any) -> str:
    if isinstance(value, (int, float)):
        return f"{value:,}"
    if isinstance(value, list):
        shown = ", ".join(map(str, value[:5]))
        return shown + (f" and {len(value) - 5:,} more" if len(value) > 5 else "")
    return str(value)
