"""The result of matching: an outcome and a reason for each row, a use for each file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.files.listing import Files
from kinetics_fast.datasets.matching.reasons import Outcome, Reason
from kinetics_fast.errors import Error


class Use(IntEnum):
    """How the rows use a file."""

    UNNAMED = 0
    """No row names the file."""
    USED = 1
    """The file is the clip of a row."""
    SPARE = 2
    """A row names the file, but another file is better or equally good."""


@dataclass(frozen=True, eq=False)
class Matches:
    """The outcome of every row and file.

    Attributes
    ----------
    files : Files
    reasons : uint8 (rows,)
        Values of `Reason`, each of which belongs to one `Outcome`.
    file_of : int32 (rows,)
        The file of each row; -1 if it is missing or ambiguous.
    uses : uint8 (files,)
        Values of `Use`.
    of_other_split : bool (files,)
        Whether a file lies in the folder of another split than that of the rows.
    details : mapping of int to tuple of str
        For some rows, the paths that the reason is about.
    """

    files: Files
    reasons: NDArray[np.uint8]
    file_of: NDArray[np.int32]
    uses: NDArray[np.uint8]
    of_other_split: NDArray[np.bool_]
    details: Mapping[int, tuple[str, ...]]

    def rows(self, outcome: Outcome) -> NDArray[np.int64]:
        """Return the numbers of the rows with an outcome.

        Parameters
        ----------
        outcome : Outcome
            The outcome.

        Returns
        -------
        ndarray of int64
            Numbers of rows in ascending order.
        """
        reasons = [reason for reason in Reason if reason.outcome is outcome]
        return np.flatnonzero(np.isin(self.reasons, reasons))

    def outcome(self, row: int) -> Outcome:
        """Return the outcome of a row.

        Parameters
        ----------
        row : int
            Number of the row.

        Returns
        -------
        Outcome
            Its outcome.
        """
        return Reason(self.reasons[row]).outcome

    def explain(self, row: int) -> str:
        """Return the reason for the outcome of a row in words, with the paths that it is about.

        Parameters
        ----------
        row : int
            Number of the row.

        Returns
        -------
        str
            The reason.
        """
        text = Reason(self.reasons[row]).text
        paths = self.details.get(row, ())
        return f"{text}: {', '.join(paths)}" if paths else text

    def unnamed_files(self) -> Iterator[str]:
        """Yield the paths of the videos that no row names, except those in folders of other splits.

        Yields
        ------
        str
            A path relative to the folder of the data set.
        """
        for number in np.flatnonzero((self.uses == Use.UNNAMED) & ~self.of_other_split).tolist():
            yield self.files.relative_path(number)

    def counts(self) -> dict[str, Any]:
        """Return the number of rows by outcome and reason, and of files by use.

        Returns
        -------
        dict
            Counts by name.
        """
        by_reason = np.bincount(self.reasons, minlength=len(Reason)).tolist()
        rows: dict[str, Any] = {"rows": len(self.reasons)}
        for outcome in Outcome:
            reasons = {reason.text: by_reason[reason] for reason in Reason if reason.outcome is outcome}
            name = outcome.name.lower()
            rows[name] = sum(reasons.values())
            if rows[name]:
                rows[f"{name}, why"] = {text: count for text, count in reasons.items() if count}
        return {**rows, "files": self._file_counts()}

    def _file_counts(self) -> dict[str, Any]:
        files = self.files
        unnamed = self.uses == Use.UNNAMED
        counts: dict[str, Any] = {
            "videos": len(files),
            "used": int((self.uses == Use.USED).sum()),
            "spare": int((self.uses == Use.SPARE).sum()),
            "named by no row": int((unnamed & ~self.of_other_split).sum()),
            "of other splits": int((unnamed & self.of_other_split).sum()),
        }
        if files.others:
            counts["set aside"] = {kind.value: count for kind, count in files.others.items()}
        if files.archives:
            counts["archives not read to the end"] = _by_cause(files.archives)
        if files.unread:
            counts["folders not listed"] = _by_cause(files.unread)
        return counts


def _by_cause(unread: Mapping[str, Error]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for path, error in unread.items():
        paths.setdefault(error.what, []).append(path)
    return paths
