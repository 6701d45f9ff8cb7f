"""The facts about files that are already known, from the last index and from parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from kinetics_fast.dataset_index.schema import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kinetics_fast.scan.header_hash import Fingerprint

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the row of a file is, and the facts that tell whether the row is up to date."""

    chunk: int
    row: int
    size: int | None
    header_hash: bytes | None
    decoded: bool

    def is_up_to_date(self, fingerprint: Fingerprint | OSError, *, decode: bool) -> bool:
        """Return whether the file is unchanged, and was decoded if `decode` is wanted."""
        if isinstance(fingerprint, OSError) or self.header_hash is None or (decode and not self.decoded):
            return False
        return (self.size, self.header_hash) == (fingerprint.size, fingerprint.header_hash)


class KnownFiles:
    """Rows of `schema.PARTS`, by name and offset of their files. Of several rows the latest is used."""

    def __init__(self) -> None:
        self._chunks: list[pa.RecordBatch] = []
        self.places: dict[Key, Place] = {}

    def add(self, table: pa.Table) -> None:
        """Add the rows of an index or a part. Its columns are not copied."""
        for batch in table.select(PARTS.names).to_batches():
            chunk = len(self._chunks)
            self._chunks.append(batch)
            columns = (
                batch.column(name).to_pylist()
                for name in ("path", "offset", "size", "header_hash", "decoded")
            )
            for row, (path, offset, size, header_hash, decoded) in enumerate(zip(*columns, strict=True)):
                if path is not None:
                    self.places[path, offset] = Place(chunk, row, size, header_hash, bool(decoded))

    def columns(self, name: str) -> list[pa.Array]:
        """Return the pieces of a column, words as strings."""
        return [chunk.column(name).cast(PARTS.field(name).type) for chunk in self._chunks]

    def take(self, keys: Sequence[Key]) -> pa.Table:
        """Return the rows of some files, in the order of `keys`, with the columns of `schema.PARTS`."""
        places = [self.places[key] for key in keys]
        chunks = np.array([place.chunk for place in places], np.int64)
        rows = np.array([place.row for place in places], np.int64)
        order = np.argsort(chunks, kind="stable")
        pieces = []
        for chunk in np.unique(chunks).tolist():
            batch = self._chunks[chunk].take(pa.array(rows[chunks == chunk]))
            pieces.append(pa.Table.from_batches([batch]).cast(PARTS))
        if not pieces:
            return PARTS.empty_table()
        return pa.concat_tables(pieces).combine_chunks().take(pa.array(np.argsort(order)))
