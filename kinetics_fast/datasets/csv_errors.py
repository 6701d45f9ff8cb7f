"""Errors of Python's csv module as messages that name the file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def csv_errors(file: str | os.PathLike[str]) -> Iterator[None]:
    """Turn an error of the csv module into a ValueError that names the file."""
    try:
        yield
    except csv.Error as error:
        raise ValueError(f"{os.fspath(file)}: {error}; is a quotation mark not closed?") from None
