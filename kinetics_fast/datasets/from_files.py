"""The ways to make a data set of what lies on disk."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kinetics_fast.datasets.dataset import Dataset


class FromFiles:
    """`Dataset`'s constructors from files; what reads each kind is imported when it is asked for."""

    @staticmethod
    def from_folder(root: str | os.PathLike[str], extensions: Sequence[str] | None = None) -> Dataset:
        """Return the videos of a folder of class folders, sorted; each name is a class.

        A class folder may hold folders. Files that begin with a dot, unfinished downloads and files of other
        kinds are left aside. Where all videos lie in `root` itself they have no labels.

        Parameters
        ----------
        root : path
        extensions : sequence of str, optional
            Endings of videos' names, such as ``[".mp4", ".mkv"]``; the usual ones otherwise.

        Raises
        ------
        OSError
            A folder cannot be read.
        ValueError
            There are no videos, or some lie beside the class folders.
        """
        from kinetics_fast.datasets.readers.folder import read_folder

        return read_folder(root, extensions)

    @staticmethod
    def from_list(
        file: str | os.PathLike[str],
        root: str | os.PathLike[str] | None = None,
        *,
        fields: Sequence[str] = ("path", "label"),
        separator: str | None = None,
        classes: Iterable[str] = (),
    ) -> Dataset:
        """Return the videos of a text file of ``path label`` lines, mmaction2's and SlowFast's format.

        Lines are split from the right, so that a path may contain spaces. Empty lines are skipped.

        Parameters
        ----------
        file : path
        root : path, optional
            What relative paths are relative to; the working directory otherwise.
        fields : sequence of str
            What a line holds: "path" first, then anything, of which "label" is used:
            ``("path", "frames", "label")`` for lists of three.
        separator : str, optional
            What stands between fields; spaces or tabs otherwise.
        classes : iterable of str
            Names of the labels, by number.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            A line has too few fields, or a label that is no number.
        """
        from kinetics_fast.datasets.readers.list_file import read_list

        return read_list(file, root, fields, separator, classes)

    @staticmethod
    def from_csv(
        file: str | os.PathLike[str],
        root: str | os.PathLike[str] | None = None,
        *,
        path: str = "path",
        label: str | None = "label",
        start: str | None = None,
        end: str | None = None,
        id: str | None = None,  # noqa: A002 - Record's name for it
        columns: Sequence[str] = (),
        delimiter: str = ",",
        classes: Iterable[str] = (),
    ) -> Dataset:
        """Return the videos of a CSV file with a header, a row a record.

        Parameters
        ----------
        file : path
        root : path, optional
            What relative paths are relative to; the working directory otherwise.
        path, label, start, end, id : str or None
            The header's words for these columns; None where there is none. Labels are numbers if all are
            whole numbers and names otherwise; an empty cell is no label, and no bound.
        columns : sequence of str
            Further columns to keep for `column` and `filter`; float64 (NaN for empty cells) if all are
            numbers.
        delimiter : str
        classes : iterable of str
            Names of the labels, by number. Otherwise names are numbered in alphabetical order.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            The header lacks a column, or a row is short or holds a word where a number is meant.
        """
        from kinetics_fast.datasets.readers.csv_file import CsvColumns, read_csv

        wanted = CsvColumns(path, label, start, end, id, tuple(columns))
        return read_csv(file, root, wanted, delimiter, tuple(classes))

    @staticmethod
    def from_index(
        file: str | os.PathLike[str],
        root: str | os.PathLike[str] | None = None,
        *,
        split: str | None = None,
        status: str | Iterable[str] | None = ("ok", "short"),
    ) -> Dataset:
        """Return the clips of an index that ``kinetics-fast scan`` wrote.

        The index is mapped, not loaded. Each record brings its frame index, so that reading a clip parses
        no container; one that is not the file's any more is built anew. Columns:
        ``row`` (of the index), ``status``, ``reason``, ``split``, ``duration``, ``frames``, ``fps``,
        ``width``, ``height``, ``codec``, ``size``, ``keyframe_spacing``, ``droppable_share``,
        ``time_start`` and ``time_end``.

        Parameters
        ----------
        file : path
        root : path, optional
            What its paths are relative to; by default where it was scanned, seen from the index if it and
            the videos were moved together.
        split : str, optional
            Only the clips of one split.
        status : str or several, optional
            Only the clips of these statuses; None for all that have a file. By default those that read in
            full.

        Raises
        ------
        OSError
            The index cannot be read.
        ValueError
            It is no index.
        ModuleNotFoundError
            pyarrow is not installed: it comes with ``kinetics-fast[scan]``.
        """
        from kinetics_fast.datasets.readers.index_file import read_index

        return read_index(file, root, split, status)

    @staticmethod
    def from_tars(
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        label_by: Literal["folder", "archive"] | None = "folder",
        extensions: Sequence[str] | None = None,
    ) -> Dataset:
        """Return the videos in plain tar archives, each a `FileRange` that is read where it lies.

        Only headers are read. Nothing is extracted, and compressed archives are refused.

        Parameters
        ----------
        paths : path or several
        label_by : {"folder", "archive"} or None
            The class of a member is the name of the folder that it lies in (none for members in no
            folder), or of its archive (without ``.tar``); None for no labels. Numbered in alphabetical order.
        extensions : sequence of str, optional
            Endings of videos' names; the usual ones otherwise.

        Raises
        ------
        OpenError
            An archive cannot be read.
        CorruptError
            A file is compressed, no tar archive, or cut short.
        ValueError
            There are no videos.
        """
        from kinetics_fast.datasets.readers.tar_files import read_tars

        several = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
        return read_tars(several, label_by, extensions)
