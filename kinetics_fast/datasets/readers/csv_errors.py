"""What Python's csv module cannot read, said in words."""

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
