"""Tasks: one file or one archive, whether it is complete, and how it is obtained."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Protocol

import tenacity

from kinetics_fast._files import sync_folder
from kinetics_fast.download.archive import BUFFER, Take, read_archive
from kinetics_fast.download.errors import DamagedError, TooLargeError, UnsafeMemberError
from kinetics_fast.download.limits import TABLE, Allowance, Limits
from kinetics_fast.download.part_file import PartFile, remove_part
from kinetics_fast.download.remote_stream import Progress, RemoteStream
from kinetics_fast.download.unpacking import Placement, Unpacking, is_unpacked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path, PurePosixPath

    from kinetics_fast.download.session import Session

TRIES = 3  # of a file that arrives damaged, each from its first byte
WEB_PAGE = (b"<html", b"<!doctype")  # the response of networks that require a login


class Task(Protocol):
    """A file or an archive to download."""

    @property
    def name(self) -> str:
        """Its path below the folder of the data set or of the archives."""

    @property
    def url(self) -> str:
        """Its address, as in the list of archives."""

    def is_done(self) -> bool:
        """Return whether only `clean` is left to do."""

    def run(self, session: Session, progress: Progress) -> None:
        """Do the rest of the work."""

    def clean(self) -> None:
        """Remove files that earlier runs of the task have left behind. The task must be done."""


@dataclass(frozen=True)
class FileTask:
    """A file that is stored unchanged, such as annotations. `limits` are for all attempts together."""

    name: str
    url: str
    path: Path
    limits: Limits = TABLE

    def is_done(self) -> bool:
        """See `Task`."""
        return self.path.exists()

    def clean(self) -> None:
        """See `Task`."""
        remove_part(self.path)

    def run(self, session: Session, progress: Progress) -> None:
        """See `Task`."""
        allowance = Allowance(self.url, self.limits)
        _retry_if_damaged(lambda: self._transfer(session, progress, allowance))

    def _transfer(self, session: Session, progress: Progress, allowance: Allowance) -> None:
        part = PartFile(self.path)
        try:
            with RemoteStream(session, self.url, part, progress, allowance) as stream:
                while stream.read(BUFFER):
                    pass
            if part.read(BUFFER, 0).lstrip()[:9].lower().startswith(WEB_PAGE):
                part.discard()
                raise DamagedError(f"{self.url}: the server sends a web page instead of the file")
            part.commit()
        except TooLargeError:
            part.discard()
            raise
        finally:
            part.close()


@dataclass(frozen=True)
class ArchiveTask:
    """An archive that is verified while it arrives, and optionally unpacked.

    Attributes
    ----------
    name, url : str
        See `Task`.
    archive : Path
        The path of the archive.
    folder : Path or None
        The folder to unpack to; None to keep the archive only.
    receipt : Path
        The path of the list of its files.
    keep : bool
        Whether to keep the archive after it is unpacked.
    placement : Placement
        Which of its files to unpack, and where to.
    """

    name: str
    url: str
    archive: Path
    receipt: Path
    folder: Path | None = None
    keep: bool = True
    placement: Placement = field(default_factory=Placement)

    def is_done(self) -> bool:
        """See `Task`."""
        if self.folder is None:
            return self.archive.exists()
        return is_unpacked(self.receipt, self.folder, self.placement)

    def run(self, session: Session, progress: Progress) -> None:
        """See `Task`."""
        _retry_if_damaged(lambda: self._obtain(session, progress))
        self.clean()

    def _obtain(self, session: Session, progress: Progress) -> None:
        if self.folder is None:
            self._read_verified(session, progress, _ignore)
            return
        unpacking = Unpacking(self.folder, self.archive.name, self.placement)
        unpacking.clean()
        try:
            self._read_verified(session, progress, unpacking.take)
            unpacking.publish()
            unpacking.write_receipt(self.receipt)
        finally:
            unpacking.clean()

    def _read_verified(self, session: Session, progress: Progress, take: Take) -> None:
        """Read the archive to its end, from the server or from the disk."""
        try:
            if self.archive.exists():
                self._read_kept(take)
            else:
                self._transfer(session, progress, take)
        except (DamagedError, UnsafeMemberError) as error:
            raise type(error)(f"{self.url}: {error}") from error

    def _transfer(self, session: Session, progress: Progress, take: Take) -> None:
        part = PartFile(self.archive)
        try:
            with io.BufferedReader(RemoteStream(session, self.url, part, progress), BUFFER) as stream:
                read_archive(stream, take)
            if self.keep:
                part.commit()
        except (DamagedError, UnsafeMemberError):
            part.discard()
            raise
        finally:
            part.close()

    def _read_kept(self, take: Take) -> None:
        with self.archive.open("rb", buffering=BUFFER) as stream:
            try:
                read_archive(stream, take)
            except DamagedError:
                self.archive.unlink()
                raise

    def clean(self) -> None:
        """See `Task`."""
        remove_part(self.archive)
        if self.folder is not None and not self.keep and self.archive.exists():
            self.archive.unlink()
            sync_folder(self.archive.parent)
        if self.folder is not None:
            Unpacking(self.folder, self.archive.name, self.placement).clean()


def _ignore(path: PurePosixPath, size: int, data: IO[bytes]) -> None:
    """Ignore the file. The archive is only verified."""


def _retry_if_damaged(obtain: Callable[[], None]) -> None:
    damage = tenacity.retry_if_exception_type(DamagedError)
    try:
        tenacity.Retrying(retry=damage, stop=tenacity.stop_after_attempt(TRIES), reraise=True)(obtain)
    except DamagedError as error:
        advice = f"{TRIES} times in a row; the file on the server seems to be broken"
        raise DamagedError(f"{error}, {advice}") from error
