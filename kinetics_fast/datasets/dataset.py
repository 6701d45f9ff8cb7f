"""A data set: a sequence of records, kept as columns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kinetics_fast.datasets.columns import Column
from kinetics_fast.datasets.readers.csv_file import CsvColumns, read_csv
from kinetics_fast.datasets.readers.folder import read_folder
from kinetics_fast.datasets.readers.index_file import read_index
from kinetics_fast.datasets.readers.list_file import read_list
from kinetics_fast.datasets.readers.tar_files import read_tars
from kinetics_fast.datasets.summary import Summary, summarize
from kinetics_fast.datasets.table import Table, label_column
from kinetics_fast.datasets.table_view import TableView
from kinetics_fast.remote.source import Remote

StrPath: TypeAlias = "str | os.PathLike[str]"
Seconds: TypeAlias = "NDArray[np.float64] | Sequence[float | None] | None"


class Dataset(TableView["Dataset"]):
    """A sequence of `Record`, each made when it is accessed.

    A slice, a filter or a subset is a `Dataset` that shares the columns. Label numbers never change.

    Parameters
    ----------
    sources : sequence
        What `kf.Video` accepts, one per record.
    labels : int64 array or sequence, optional
        Label numbers, with -1 or None for no label; or any objects.
    starts, ends : float64 array or sequence, optional
        Seconds that bound what is sampled; NaN or None for no bound.
    ids : sequence of str, optional
        Names of the records.
    frame_indices : sequence of bytes or None, optional
        Packed frame indices.
    classes : sequence of str, optional
        Names of the labels, by number.
    columns : mapping of str to column, optional
        Further columns. `filter` uses ``status`` and ``duration`` (seconds).

    Examples
    --------
    >>> dataset = kf.Dataset(["a.mp4", "b.mp4", "c.mp4"], [0, 1, 1], classes=["abseiling", "zumba"])
    >>> dataset[1].label, len(dataset[1:])
    (1, 2)
    >>> dataset.filter(classes=["zumba"])[0].source
    'b.mp4'
    """

    def __init__(
        self,
        sources: Column,
        labels: Column | None = None,
        *,
        starts: Seconds = None,
        ends: Seconds = None,
        ids: Column | None = None,
        frame_indices: Column | None = None,
        classes: Iterable[str] = (),
        columns: Mapping[str, Column] | None = None,
    ) -> None:
        if isinstance(sources, (str, bytes)) or not hasattr(sources, "__getitem__"):
            raise TypeError(f"sources must be a sequence of sources, got {type(sources).__name__}")
        labels, starts, ends = label_column(labels), _float64(starts), _float64(ends)
        super().__init__(
            Table(sources, labels, starts, ends, ids, frame_indices, tuple(classes), dict(columns or {}))
        )

    @classmethod
    def _of(cls, table: Table, rows: NDArray[np.int64] | None = None) -> Dataset:
        dataset = Dataset.__new__(Dataset)
        TableView.__init__(dataset, table, rows)
        return dataset

    @staticmethod
    def from_folder(root: StrPath, extensions: Sequence[str] | None = None) -> Dataset:
        """Return the videos of a folder of class folders, sorted by name. The name of each folder is a class.

        A class folder may contain folders. Hidden files, unfinished downloads, links to nothing, pipes and
        files of other kinds are skipped. If all videos lie in `root` itself, they have no labels. If all
        folders are named as splits, such as ``train`` and ``val``, there is a warning: they are no classes.

        Parameters
        ----------
        root : path
            The folder.
        extensions : sequence of str, optional
            Extensions of videos, such as ``[".mp4", ".mkv"]``; the usual ones by default.

        Returns
        -------
        Dataset
            One record per video.

        Raises
        ------
        OSError
            A folder cannot be read; an `OpenError` for a folder below `root`.
        ValueError
            There are no videos, or some lie beside the class folders.
        """
        return Dataset._of(read_folder(root, extensions))

    @staticmethod
    def from_list(
        file: StrPath,
        root: StrPath | None = None,
        *,
        fields: Sequence[str] = ("path", "label"),
        separator: str | None = None,
        classes: Iterable[str] = (),
    ) -> Dataset:
        """Return the videos of a text file of ``path label`` lines, the format of mmaction2 and SlowFast.

        Lines are split from the right, so that a path may contain spaces. Empty lines are skipped.

        Parameters
        ----------
        file : path
            The text file.
        root : path, optional
            The folder that relative paths are relative to; the working directory by default.
        fields : sequence of str
            The fields of a line. The first must be "path". Of the others only "label" is used, as in
            ``("path", "frames", "label")`` for lists of three.
        separator : str, optional
            The text between fields; spaces or tabs by default.
        classes : iterable of str
            Names of the labels, by number.

        Returns
        -------
        Dataset
            One record per line, in the order of the lines.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            A line has too few fields, or its label is not a number.
        """
        return Dataset._of(read_list(file, root, fields, separator, tuple(classes)))

    @staticmethod
    def from_csv(
        file: StrPath,
        root: StrPath | None = None,
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
        """Return the videos of a CSV file with a header, one record per row.

        Parameters
        ----------
        file : path
            The CSV file.
        root : path, optional
            The folder that relative paths are relative to; the working directory by default.
        path, label, start, end, id : str or None
            Names of these columns in the header; None if there is no such column. Labels are numbers if all
            are whole numbers, and names otherwise. An empty cell means no label, or no bound.
        columns : sequence of str
            Further columns to keep for `column` and `filter`. A column is float64 if all its cells are
            numbers or empty (NaN).
        delimiter : str
            The character between cells.
        classes : iterable of str
            Names of the labels, by number. By default the names in alphabetical order.

        Returns
        -------
        Dataset
            One record per row, in the order of the rows.

        Raises
        ------
        OSError
            The file cannot be read.
        ValueError
            The header lacks a column, a row is too short, or a cell is not a number where one is needed.
        """
        wanted = CsvColumns(path, label, start, end, id, tuple(columns))
        return Dataset._of(read_csv(file, root, wanted, delimiter, tuple(classes)))

    @staticmethod
    def from_index(
        file: StrPath,
        root: Any = None,
        *,
        split: str | None = None,
        status: str | Iterable[str] | None = ("ok", "short"),
        allow_remote: bool | Iterable[str] = False,
    ) -> Dataset:
        """Return the clips of an index that ``kinetics-fast scan`` or ``kinetics-fast prepare`` wrote.

        The index is mapped, not loaded. Each record has its frame index, so that reading a clip parses no
        container. If a file has changed since the scan, it is indexed again when a clip is read. Columns:
        ``row`` (of the index), ``status``, ``reason``, ``split``, ``duration``, ``frames``, ``fps``,
        ``width``, ``height``, ``codec``, ``size``, ``keyframe_spacing``, ``droppable_share``,
        ``time_start`` and ``time_end``. The records of an index of AVA-Kinetics or Countix have the labels,
        starts, ends and counts that `Kinetics` describes.

        Parameters
        ----------
        file : path
            The index, or the scanned folder, which has the index ``kinetics-fast.arrow``.
        root : path, URL, Remote or store, optional
            The folder that the paths in the index are relative to: on this machine, or in a store (the path
            of a `Remote` is a folder there). By default the scanned folder, also if it was moved together
            with the index.
        split : str, optional
            Only the clips of this split; ``validate`` means the same as ``val``.
        status : str or several, optional
            Only the clips of these statuses; None for all clips that have a file. By default the clips that
            can be read completely.
        allow_remote : bool or iterable of str
            An index of objects in a store names the URL of that store. True opens it, and so does a prefix of
            the URL, such as ``["s3://bucket/kinetics"]``. An index is untrusted input: False opens no store
            but that of `root`.

        Returns
        -------
        Dataset
            One record per chosen row of the index.

        Raises
        ------
        OSError
            The index cannot be read. An `OpenError` that is also a PermissionError: the index names a store
            that `allow_remote` does not allow.
        ValueError
            The file is not an index, or has no clips of the split.
        ModuleNotFoundError
            pyarrow is not installed. It comes with the extra ``scan``.
        """
        table, chosen = read_index(file, root, split, status, allow_remote)
        return Dataset._of(table).take(chosen)

    @staticmethod
    def from_tars(
        paths: StrPath | Remote | Iterable[StrPath | Remote],
        *,
        label_by: Literal["folder", "archive"] | None = "folder",
        extensions: Sequence[str] | None = None,
    ) -> Dataset:
        """Return the videos in uncompressed tar archives, each a `FileRange` or `Remote`, read in place.

        Only headers are read. Nothing is extracted, and compressed archives are refused.

        Parameters
        ----------
        paths : path, URL, Remote or several
            The archives: files of this machine, or objects of one store. Each header of an object costs a
            request, so that a data set in a store is better scanned once and read by `from_index`.
        label_by : {"folder", "archive"} or None
            The class of a member is the name of its folder (no label for members without a folder), or the
            name of its archive without ``.tar``; None for no labels. Classes are in alphabetical order.
        extensions : sequence of str, optional
            Extensions of videos; the usual ones by default.

        Returns
        -------
        Dataset
            One record per video, in the order of the archives and of their members.

        Raises
        ------
        OpenError
            An archive cannot be read.
        CorruptError
            A file is compressed, not a tar archive, cut short, or has a header that is malformed.
        ValueError
            There are no videos.
        """
        return Dataset._of(read_tars(paths, label_by, extensions))

    def report(self) -> Summary:
        """Return counts of clips, classes, statuses and seconds: a dict that prints as text.

        Returns
        -------
        Summary
            A dict.
        """
        return summarize(self)


def _float64(times: Seconds) -> NDArray[np.float64] | None:
    return None if times is None else np.asarray(times, np.float64)
