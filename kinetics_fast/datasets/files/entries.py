"""Tells folders, files, broken links and special files apart. No entry of a folder raises an error here."""

from __future__ import annotations

import errno
import os

from kinetics_fast.datasets.files.names import Kind, kind_of

_LEADS_TO_NOTHING = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a folder, or a link to a folder."""
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or a link to where this process may not look
        return False


def kind_of_entry(entry: os.DirEntry[str], extensions: tuple[str, ...] | None = None) -> Kind | None:
    """Return the kind of a file; None for a folder that is to be searched.

    Parameters
    ----------
    entry : DirEntry
        The entry. Its status is read from the disk only if it is a link or a special file.
    extensions : tuple of str, optional
        Extensions of videos in lower case; the usual ones by default.
    """
    if is_folder(entry):
        return Kind.HIDDEN if entry.name[0] == "." or entry.name == "lost+found" else None
    kind = kind_of(entry.name, extensions)
    try:
        if entry.is_file():
            return kind
        entry.stat()
    except OSError as error:  # what may not be looked at is listed as its name says; reading it fails
        return Kind.BROKEN_LINK if error.errno in _LEADS_TO_NOTHING else kind
    return Kind.SPECIAL if kind in (Kind.VIDEO, Kind.ARCHIVE) else kind
