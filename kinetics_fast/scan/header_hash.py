"""What decides whether a file changed: its size and a hash of its two ends.

An MP4's header lies at one end or the other, Matroska's at both; a download that was filled up with zeros
differs at its end. Times do not count, so that a copied or synced data set keeps its index.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

END_BYTES = 1 << 16
HASH_BYTES = 16


@dataclass(frozen=True)
class Fingerprint:
    """Bytes of the video, and BLAKE2b-128 of its size, its first 64 KiB and its last 64 KiB."""

    size: int
    header_hash: bytes


def fingerprint(path: str, offset: int | None = None, size: int | None = None) -> Fingerprint:
    """Read the two ends of a file or of a range of it.

    Parameters
    ----------
    path : str
        The file.
    offset, size : int, optional
        The range, for a member of a tar shard.

    Returns
    -------
    Fingerprint

    Raises
    ------
    OSError
        It cannot be read.
    """
    with Path(path).open("rb", buffering=0) as file:
        begin = offset or 0
        length = max(0, os.fstat(file.fileno()).st_size - begin)
        if size is not None:
            length = min(size, length)
        digest = hashlib.blake2b(length.to_bytes(8, "little"), digest_size=HASH_BYTES)
        file.seek(begin)
        digest.update(file.read(min(END_BYTES, length)))
        if length > END_BYTES:
            tail = min(END_BYTES, length - END_BYTES)
            file.seek(begin + length - tail)
            digest.update(file.read(tail))
    return Fingerprint(length, digest.digest())
