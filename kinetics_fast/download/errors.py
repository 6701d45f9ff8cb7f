"""The errors of a download. Each message says what went wrong, where, and what to do next."""

from __future__ import annotations

import errno
import os

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MAKE_ROOM = "make room and run the same command again; it continues there"


class DownloadError(Exception):
    """Base of all errors of a download."""


class RequestError(DownloadError):
    """The request cannot be fulfilled by any server."""


class TransferError(DownloadError):
    """The server did not send the file after several attempts, or sent something else."""


class TooLargeError(TransferError):
    """The server sends more bytes than such a file can have."""


class DamagedError(DownloadError):
    """The received bytes are not a complete archive."""


class BusyError(DownloadError):
    """Another download is running in the folder."""


class UnsafeMemberError(DownloadError):
    """An archive contains a member that would leave the folder. Nothing of the archive was unpacked."""


class DiskFullError(DownloadError, OSError):
    """The disk is full. The transferred bytes are kept."""


class StoppedError(DownloadError):
    """The run was stopped."""


def in_words(error: Exception, what: str) -> DownloadError:
    """Return an error about the file `what` as a `DownloadError`."""
    if isinstance(error, DownloadError):
        return error
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return DiskFullError(f"{what}: {os.strerror(error.errno)}; {MAKE_ROOM}")
    return DownloadError(f"{what}: {str(error) or type(error).__name__}")
