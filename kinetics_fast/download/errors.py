"""What can go wrong in a download; each error says what, where, and what to do next."""

from __future__ import annotations

import errno
import os

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MAKE_ROOM = "make room and run the same command again, it goes on from there"


class DownloadError(Exception):
    """Base of all errors of a download."""


class RequestError(DownloadError):
    """There is no such thing to download."""


class TransferError(DownloadError):
    """The server did not give the file, however often it was asked, or gave something else."""


class DamagedError(DownloadError):
    """The bytes that came are not a whole archive."""


class BusyError(DownloadError):
    """Another run works on the folder."""


class UnsafeMemberError(DownloadError):
    """An archive holds something that would not stay in its folder; nothing of it was unpacked."""


class DiskFullError(DownloadError, OSError):
    """There is no room; what has been transferred is kept."""


class StoppedError(DownloadError):
    """The run was told to stop."""


def in_words(error: Exception, what: str) -> DownloadError:
    """Make a `DownloadError` of what happened to the file called `what`."""
    if isinstance(error, DownloadError):
        return error
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return DiskFullError(f"{what}: {os.strerror(error.errno)}; {MAKE_ROOM}")
    return DownloadError(f"{what}: {str(error) or type(error).__name__}")
