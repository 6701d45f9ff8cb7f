"""All errors about a video. Each error is also a subclass of the builtin error that it resembles."""

from __future__ import annotations

import errno
import os
from typing import Any, ClassVar

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
    """An error with the fields of an OSError; ``errno`` is None if the system gave no reason.

    A class derived from this one lists in ``_kinds`` the classes that its errors have for some errnos.
    """

    _kinds: ClassVar[dict[int, type[_SystemError]]] = {}

    def __new__(
        cls,
        what: str,  # noqa: ARG004 - the arguments are those of __init__
        path: str | None = None,  # noqa: ARG004
        frame: int | None = None,  # noqa: ARG004
        stage: str = "open",  # noqa: ARG004
        detail: str = "",
    ) -> _SystemError:
        """Make an error of the class that the errno asks for."""
        number = _ERRNO_OF.get(detail, 0)
        error: _SystemError = super().__new__(cls.__dict__.get("_kinds", {}).get(number, cls))
        return error

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

    def __reduce__(self) -> tuple[Any, ...]:
        made = type(self)
        return made.__bases__[0] if made in self._kinds.values() else made, self.args, self.__dict__


def _add_kinds(base: type[_SystemError], builtins: dict[int, type[Exception]]) -> None:
    """Let errors of some errnos also be builtins. All have the name of `base`, which is documented.

    Each such class is an attribute of `base`, where pickle finds it: a worker of torch's DataLoader pickles
    the class of an error.
    """
    kinds = {}
    for builtin in dict.fromkeys(builtins.values()):
        qualified = f"{base.__qualname__}.{builtin.__name__}"
        members = {"__module__": __name__, "__qualname__": qualified, "__doc__": base.__doc__}
        kinds[builtin] = type(base.__name__, (base, builtin), members)
        setattr(base, builtin.__name__, kinds[builtin])
    base._kinds = {number: kinds[builtin] for number, builtin in builtins.items()}


class OpenError(_SystemError):
    """The file cannot be opened or read.

    If its ``errno`` belongs to FileNotFoundError, PermissionError or IsADirectoryError, the error is also one
    of these.
    """


_add_kinds(
    OpenError,
    {
        errno.ENOENT: FileNotFoundError,
        errno.EACCES: PermissionError,
        errno.EPERM: PermissionError,
        errno.EISDIR: IsADirectoryError,
    },
)


class ResourceError(_SystemError):
    """The machine has no memory, file descriptors or threads left. No file is to blame for it.

    It is raised whatever ``on_error`` says. Its ``errno`` is ENOMEM, EMFILE, ENFILE or EAGAIN. If it is
    ENOMEM, the error is also a MemoryError.
    """

    def __str__(self) -> str:
        return super().__str__() if self.path else f"{self.what} ({self.detail})"


_add_kinds(ResourceError, {errno.ENOMEM: MemoryError})


def raise_if_scarce(error: OSError) -> None:
    """Raise a ResourceError if the error says that no file descriptors or memory are left."""
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
        what, detail = "the file cannot be opened or read", os.strerror(error.errno)
        raise ResourceError(what, os.fspath(error.filename or "") or None, detail=detail) from error


class UnsupportedError(Error, ValueError):
    """The container, codec or pixel format is not supported, or a limit is exceeded."""

    NotAVideo: ClassVar[type[UnsupportedError]]  # no known container, or no video stream in it


def _no_video() -> type[UnsupportedError]:
    """Return the class of errors that say that a source holds no video. It has the documented name."""
    qualified = f"{UnsupportedError.__qualname__}.NotAVideo"
    members = {"__module__": __name__, "__qualname__": qualified, "__doc__": UnsupportedError.__doc__}
    return type(UnsupportedError.__name__, (UnsupportedError,), members)


UnsupportedError.NotAVideo = _no_video()


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
