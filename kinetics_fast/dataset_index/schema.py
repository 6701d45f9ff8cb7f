"""What an index file holds: its columns, the words of `status`, the keys of its metadata."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kinetics_fast import _core

FORMAT: Final = f"1 {_core.saved_index_form()}"
DEFAULT_NAME: Final = "kinetics-fast.arrow"

OK: Final = "ok"
MISSING: Final = "missing"  # annotated, and no file matches
EMPTY: Final = "empty"  # 0 bytes
NO_MOOV: Final = "no moov"  # an MP4 without its header: the end of the file never came
TRUNCATED: Final = "truncated"  # frames that the container lists are not in the file
SHORT: Final = "short"  # whole, and lasts less than nine tenths of what was annotated
NO_VIDEO: Final = "no video"  # no video stream, or no video container at all
UNDECODABLE: Final = "undecodable"  # not read, damaged, or of a kind that is not supported
STATUSES: Final = (OK, MISSING, EMPTY, NO_MOOV, TRUNCATED, SHORT, NO_VIDEO, UNDECODABLE)

WORD: Final = pa.dictionary(pa.int32(), pa.string())

# Of the annotation, or of the folders a file lies in.
CLIP_FIELDS: Final = [
    pa.field("path", pa.string()),  # relative to the root, with "/"; null where missing
    pa.field("member", pa.string()),  # its name in the tar shard that `path` is; null for a file of its own
    pa.field("offset", pa.int64()),  # where it begins in the shard
    pa.field("id", pa.string()),  # YouTube's, or the file's name without its suffix
    pa.field("time_start", pa.float64()),  # seconds of the original video; null where unknown
    pa.field("time_end", pa.float64()),
    pa.field("label", WORD),
    pa.field("split", WORD),
]
# Of the file, and good for as long as its size and header hash stay the same.
FILE_FIELDS: Final = [
    pa.field("status", WORD),
    pa.field("reason", pa.string()),  # null where ok
    pa.field("size", pa.int64()),  # bytes
    pa.field("header_hash", pa.binary(16)),  # null: could not be read, and will be tried again
    pa.field("decoded", pa.bool_()),  # whether every frame was tried
    pa.field("codec", WORD),
    pa.field("pixel_format", WORD),
    pa.field("width", pa.int32()),  # after rotation
    pa.field("height", pa.int32()),
    pa.field("fps", pa.float64()),
    pa.field("frames", pa.int32()),
    pa.field("duration", pa.float64()),  # seconds
    pa.field("keyframe_spacing", pa.float32()),  # mean frames between those decoding can begin with
    pa.field("droppable_share", pa.float32()),  # packets that nothing refers to; null where unknown
    pa.field("frame_index", pa.large_binary()),  # as the core packs it
]
SCHEMA: Final = pa.schema(CLIP_FIELDS + FILE_FIELDS)

# A part: a row a file, its words spelled out, since every part would have a dictionary of its own.
PARTS: Final = pa.schema(
    [
        field.with_type(pa.string()) if field.type == WORD else field
        for field in (SCHEMA.field("path"), SCHEMA.field("offset"), *FILE_FIELDS)
    ]
)

# Keys of the schema's metadata.
FORMAT_KEY: Final = b"kinetics_fast.index"  # of parts, too
ROOT_KEY: Final = b"kinetics_fast.root"  # absolute, of the machine that scanned
RELATIVE_ROOT_KEY: Final = b"kinetics_fast.relative_root"  # from the index's own folder
FACTS_KEY: Final = b"kinetics_fast.facts"  # JSON: classes, version, files without a row


def default_name(split: str | None) -> str:
    """Give the name of an index in the scanned folder; one of a single split has its own."""
    return DEFAULT_NAME if split is None else DEFAULT_NAME.replace(".", f"-{split}.")


def is_current(table: pa.Table) -> bool:
    """Say whether an index or a part is of the form that this version writes; no other one is read."""
    return bool((table.schema.metadata or {}).get(FORMAT_KEY) == FORMAT.encode())
