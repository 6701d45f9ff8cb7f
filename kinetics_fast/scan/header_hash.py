"""Detects whether a file has changed, by its size and a hash of its beginning and end.

The header of an MP4 is at the beginning or the end, that of Matroska at both. A download that was
preallocated with zeros differs at the end. Modification times are ignored, so that a copied data set keeps
its index.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from kinetics_fast._files import open_regular

END_BYTES = 1 << 16
HASH_BYTES = 16


@dataclass(frozen=True)
class Fingerprint:
    """What identifies the content of a video.

    Attributes
    ----------
    size : int
        Size in bytes.
    header_hash : bytes
        BLAKE2b-128 of the size, the first 64 KiB and the last 64 KiB.
    """

    size: int
    header_hash: bytes


def fingerprint(path: str, offset: int | None = None, size: int | None = None) -> Fingerprint:
    """Read the beginning and the end of a file, or of a range of it.

    Parameters
    ----------
    path : str
        The file.
    offset, size : int, optional
        The range in bytes, for a member of a tar archive.

    Returns
    -------
    Fingerprint

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with open_regular(path) as file:
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
