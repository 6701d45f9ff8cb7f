"""All errors about a video. Each error is also a subclass of the builtin error that it resembles."""

from __future__ import annotations

import errno
import os
from typing import Any

_ERRNO_OF = {os.strerror(number): number for number in errno.errorcode}


class Error(Exception):
    """Base of all errors about a video.

    Attributes
    ----------
    path : str or None
        The file, its range, or a description of the bytes in memory.
    frame : int or None
        Frame number in presentation order, if the error is about one frame.
    stage : str
        Stage at which the error occurred: ``open``, ``index``, ``plan``, ``read`` or ``decode``.
    detail : str
        Last message of FFmpeg or of the system; may be empty.
    """

    def __init__(
        self,
        what: str,
        path: str | None = None,
        frame: int | None = None,
        stage: str = "open",
        detail: str = "",
    ) -> None:
        super().__init__(what)
        self.args = what, path, frame, stage, detail
        self.what = what
        self.path = path
        self.frame = frame
        self.stage = stage
        self.detail = detail

    def __str__(self) -> str:
        where = self.path or "video"
        if self.frame is not None:
            where += f", frame {self.frame}"
        return f"{where}: {self.stage}: {self.what}" + (f" ({self.detail})" if self.detail else "")


class _SystemError(Error, OSError):
    """An error with the fields of an OSError; ``errno`` is None if the system gave no reason."""

    def __init__(
        self,
        what: str,
        path: str | None = None,
        frame: int | None = None,
        stage: str = "open",
        detail: str = "",
    ) -> None:
        super().__init__(what, path, frame, stage, detail)
        self.errno, self.strerror, self.filename = _ERRNO_OF.get(detail), detail or what, path


class OpenError(_SystemError):
    """The file cannot be opened or read.

    If its ``errno`` belongs to FileNotFoundError, PermissionError or IsADirectoryError, the error is also one
    of these.
    """

    def __new__(
        cls,
        what: str,  # noqa: ARG004 - the arguments are those of __init__
        path: str | None = None,  # noqa: ARG004
        frame: int | None = None,  # noqa: ARG004
        stage: str = "open",  # noqa: ARG004
        detail: str = "",
    ) -> OpenError:
        """Make an error of the class that the errno asks for."""
        builtin = type(OSError(_ERRNO_OF.get(detail), detail))
        error: OpenError = super().__new__(_OPEN_ERRORS.get(builtin, cls) if cls is OpenError else cls)
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        made_by = OpenError if type(self) in _OPEN_ERRORS.values() else type(self)
        return made_by, self.args, self.__dict__


# The classes are all named OpenError, which is the name that messages and the documentation have.
_OPEN_ERRORS: dict[type[OSError], type[OpenError]] = {
    builtin: type("OpenError", (OpenError, builtin), {"__module__": __name__, "__doc__": OpenError.__doc__})
    for builtin in (FileNotFoundError, PermissionError, IsADirectoryError)
}


class UnsupportedError(Error, ValueError):
    """The container, codec or pixel format is not supported, or a limit is exceeded."""


class CorruptError(Error, ValueError):
    """The bytes are contradictory, truncated, or do not decode."""


class StaleIndexError(CorruptError):
    """The frame index is not of the file as it is now. Internal: the loader builds the index anew."""


class FrameRangeError(Error, IndexError):
    """The video has no such frame, or shows no frame at that time."""


class DecodeTimeout(_SystemError, TimeoutError):
    """The time limit expired."""


class TooManyFailures(Error, RuntimeError):
    """More videos failed than the loader was allowed to tolerate; the message lists the causes."""

    def __str__(self) -> str:
        return self.what
