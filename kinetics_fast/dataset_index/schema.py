"""The contents of an index file: columns, values of `status`, keys of the metadata."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from kinetics_fast import _core

FORMAT: Final = f"1 {_core.saved_index_form()}"
DEFAULT_NAME: Final = "kinetics-fast.arrow"

OK: Final = "ok"
MISSING: Final = "missing"  # annotated, but no file matches
EMPTY: Final = "empty"  # 0 bytes
NO_MOOV: Final = "no moov"  # an MP4 without its header, usually because the end of the file is missing
TRUNCATED: Final = "truncated"  # the container lists frames that are not in the file
SHORT: Final = "short"  # complete, but shorter than nine tenths of the annotated span
NO_VIDEO: Final = "no video"  # no video stream, or not a video container
UNDECODABLE: Final = "undecodable"  # a file, folder or archive that cannot be read, or is not supported
STATUSES: Final = (OK, MISSING, EMPTY, NO_MOOV, TRUNCATED, SHORT, NO_VIDEO, UNDECODABLE)

WORD: Final = pa.dictionary(pa.int32(), pa.string())

# Facts from the annotations, or from the names of the file and its folders.
CLIP_FIELDS: Final = [
    pa.field("path", pa.string()),  # relative to the root, with "/"; null if missing
    pa.field("member", pa.string()),  # its name in the tar archive `path`; null for a file of its own
    pa.field("offset", pa.int64()),  # where the member begins in the archive, in bytes
    pa.field("id", pa.string()),  # YouTube id, or the file's name without extension
    pa.field("time_start", pa.float64()),  # seconds of the original video; null if unknown
    pa.field("time_end", pa.float64()),
    pa.field("label", WORD),
    pa.field("split", WORD),
]
# Facts about the file. They are valid as long as its size and header hash stay the same.
FILE_FIELDS: Final = [
    pa.field("status", WORD),
    pa.field("reason", pa.string()),  # null if the status is ok
    pa.field("size", pa.int64()),  # bytes
    pa.field(
        "header_hash", pa.binary(16)
    ),  # null: the file could not be read and is tried again by the next scan
    pa.field("decoded", pa.bool_()),  # whether every frame was decoded
    pa.field("codec", WORD),
    pa.field("pixel_format", WORD),
    pa.field("width", pa.int32()),  # after rotation
    pa.field("height", pa.int32()),
    pa.field("fps", pa.float64()),
    pa.field("frames", pa.int32()),
    pa.field("duration", pa.float64()),  # seconds
    pa.field("keyframe_spacing", pa.float32()),  # mean number of frames between random access points
    pa.field("droppable_share", pa.float32()),  # share of packets that no other refers to; null if unknown
    pa.field("frame_index", pa.large_binary()),  # see saved_frame_index.py
]
SCHEMA: Final = pa.schema(CLIP_FIELDS + FILE_FIELDS)
# Indices of AVA-Kinetics and Countix have one more column, JSON of what an annotation row says
# beyond the clip.
# AVA-Kinetics: "time", "boxes" and "actions" of a `KeyFrame`, the time in seconds of the clip.
# Countix: "start" and "end" of the repetitions in seconds of the clip, and their "count".
ANNOTATION: Final = pa.field("annotation", pa.string())
ANNOTATED_SCHEMA: Final = SCHEMA.append(ANNOTATION)

# A part of a scan has one row per file. Words are plain strings, since each part would need a dictionary.
PARTS: Final = pa.schema(
    [
        field.with_type(pa.string()) if field.type == WORD else field
        for field in (SCHEMA.field("path"), SCHEMA.field("offset"), *FILE_FIELDS)
    ]
)

# Keys of the schema's metadata.
FORMAT_KEY: Final = b"kinetics_fast.index"  # also of parts
ROOT_KEY: Final = b"kinetics_fast.root"  # absolute, on the machine of the scan
RELATIVE_ROOT_KEY: Final = b"kinetics_fast.relative_root"  # relative to the folder of the index
FACTS_KEY: Final = b"kinetics_fast.facts"  # JSON: classes, version, files without a row


def default_name(split: str | None) -> str:
    """Return the default file name of an index. The index of a single split has a name of its own."""
    return DEFAULT_NAME if split is None else DEFAULT_NAME.replace(".", f"-{split}.")


def is_current(table: pa.Table) -> bool:
    """Return whether an index or a part has the format of this version. Other formats are not read."""
    return bool((table.schema.metadata or {}).get(FORMAT_KEY) == FORMAT.encode())
