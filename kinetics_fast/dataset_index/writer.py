"""Writes an index file, which appears when it is complete."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from kinetics_fast._files import atomic_write
from kinetics_fast.dataset_index import schema
from kinetics_fast.remote.folder import RemoteFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def write_index(
    path: Path,
    root: Path | RemoteFolder,
    tables: Iterable[pa.Table],
    words: Mapping[str, pa.Array],
    columns: pa.Schema,
    facts: Mapping[str, Any],
) -> None:
    """Write an index.

    Parameters
    ----------
    path : Path
        The index file. A new index replaces an old one in one step.
    root : Path or RemoteFolder
        The folder that the paths of the clips are relative to. Of a store, the URL is written, which has no
        credentials.
    tables : iterable of Table
        The rows in pieces, with the columns of `columns`.
    words : mapping of str to Array
        All values of each column of type `schema.WORD`. Those of ``label`` are the classes.
    columns : Schema
        `schema.SCHEMA` or `schema.ANNOTATED_SCHEMA`.
    facts : mapping
        Facts about the data set as a whole, stored as JSON.
    """
    described = columns.with_metadata(
        {
            schema.FORMAT_KEY: schema.FORMAT,
            **_places(root, path),
            schema.FACTS_KEY: json.dumps({**facts, "classes": words["label"].to_pylist()}),
        }
    )
    with atomic_write(path) as file, pa.ipc.new_file(file, described) as writer:
        for table in tables:
            arrays = [_encoded(table.column(field.name), field, words) for field in described]
            writer.write_batch(pa.record_batch(arrays, schema=described))


def _places(root: Path | RemoteFolder, path: Path) -> dict[bytes, bytes]:
    """Return the folder of the clips, for the metadata."""
    if isinstance(root, RemoteFolder):
        return {schema.ROOT_KEY: root.url.encode(), schema.RELATIVE_ROOT_KEY: b""}
    whole, beside = root.resolve(), path.resolve().parent
    return {
        schema.ROOT_KEY: os.fsencode(whole),
        schema.RELATIVE_ROOT_KEY: os.fsencode(os.path.relpath(whole, beside)),
    }


def _encoded(column: pa.ChunkedArray, field: pa.Field, words: Mapping[str, pa.Array]) -> pa.Array:
    """Return the column in one piece. All pieces of the file use the same dictionary of words."""
    array = column.combine_chunks()
    if field.type != schema.WORD:
        return array.cast(field.type)
    numbers = pc.index_in(array.cast(pa.string()), value_set=words[field.name])
    return pa.DictionaryArray.from_arrays(numbers, words[field.name])
