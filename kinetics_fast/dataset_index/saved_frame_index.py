"""The column of saved frame indices: what the extension packs, compressed with zlib.

The columns of varints in a packed frame index compress to two fifths of their size.
"""

from __future__ import annotations

import zlib

from kinetics_fast import _core
from kinetics_fast.errors import CorruptError

MAX_PACKED_BYTES = (
    1 << 28
)  # more than any stream that is indexed needs; a few crafted bytes can unfold to more


def compress(index: _core.FrameIndex) -> bytes:
    """Return the bytes that the column keeps of a frame index."""
    return zlib.compress(index.pack())


def decompress(saved: bytes) -> bytes:
    """Return the packed frame index.

    Raises
    ------
    CorruptError
        The bytes are damaged, incomplete, or unfold to more than `MAX_PACKED_BYTES`.
    """
    stream = zlib.decompressobj()
    try:
        packed = stream.decompress(saved, MAX_PACKED_BYTES)
    except zlib.error as error:
        raise CorruptError("the saved frame index is damaged", stage="index", detail=str(error)) from None
    if not stream.eof or stream.unused_data:
        raise CorruptError("the saved frame index is damaged", stage="index")
    return packed
