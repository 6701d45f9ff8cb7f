"""Makes tasks of a request: which files to download, from where, into which folder.

Folders below that of the data set: `train`, `val`, `test` and `replacement` for clips, `annotations`,
`archives`, and `.kinetics-fast/download` for the lists of unpacked files.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kinetics_fast.datasets.files.names import archive_stem
from kinetics_fast.datasets.kinetics_names import ID_LENGTH, SPLITS, VERSION_MARK, version_of
from kinetics_fast.download.catalog import HOSTED, Content, Version
from kinetics_fast.download.errors import RequestError
from kinetics_fast.download.limits import TABLE, TEXT
from kinetics_fast.download.names import class_key, file_name, parse_list
from kinetics_fast.download.selection import clips_of_classes, read_labels
from kinetics_fast.download.session import Session
from kinetics_fast.download.tasks import ArchiveTask, FileTask, Task
from kinetics_fast.download.unpacking import Placement


@dataclass(frozen=True)
class Request:
    """What to download, and where to.

    Attributes
    ----------
    version : Version
        The version.
    root : Path
        The folder of the data set, which holds one version.
    splits : tuple of str
        The splits.
    contents : frozenset of Content
        The kinds of content.
    classes : tuple of str
        Only clips of these classes; all clips if empty.
    extract : bool
        Whether to unpack archives of clips.
    keep_archives : bool
        Whether to keep archives after they are unpacked.
    """

    version: Version
    root: Path
    splits: tuple[str, ...] = SPLITS
    contents: frozenset[Content] = frozenset({Content.VIDEOS, Content.ANNOTATIONS})
    classes: tuple[str, ...] = ()
    extract: bool = False
    keep_archives: bool = True

    @property
    def notes(self) -> Path:
        """The folder of the lock and of the lists of unpacked files."""
        return self.root / ".kinetics-fast" / "download"

    @property
    def version_mark(self) -> Path:
        """The file that names the version in the folder."""
        return self.root / VERSION_MARK


def version_named(name: str) -> Version:
    """Return the version that a name such as ``k400`` or ``400`` stands for.

    Raises
    ------
    RequestError
        CVDF does not host the version.
    """
    known = HOSTED.get(version_of(name) or "")
    if known is None:
        raise RequestError(f"version must be one of {', '.join(HOSTED)}, which CVDF hosts, got {name!r}")
    return known


def check(request: Request) -> None:
    """Refuse a request that cannot be fulfilled, before a server is contacted.

    Raises
    ------
    RequestError
        The request cannot be fulfilled. The message says how to change it.
    """
    version = request.version
    for content in request.contents - {Content.VIDEOS, Content.ANNOTATIONS} - set(version.downstream):
        raise RequestError(f"{content.value} exists for k700-2020 only, not for k{version.name}")
    if not request.keep_archives and not request.extract:
        raise RequestError("archives can be discarded only after unpacking: add --extract")
    if request.classes:
        _check_classes(request)
    other = request.version_mark.read_text() if request.version_mark.exists() else version.name
    if other != version.name:
        raise RequestError(f"{request.root} holds k{other}; use another folder for k{version.name}")


def _check_classes(request: Request) -> None:
    version = request.version
    if Content.VIDEOS not in request.contents:
        raise RequestError("only videos can be chosen by class: omit --class, or add --content videos")
    for split in request.splits:
        name = f"k{version.name} {split}"
        if split not in version.class_archives | version.labelled:
            raise RequestError(f"the classes of the clips of {name} are not published: pass another --split")
        if split not in version.class_archives and not request.extract:
            raise RequestError(f"archives of {name} mix classes: add --extract to unpack some classes only")


def make_plan(request: Request, session: Session) -> list[Task]:
    """Read the lists of archives and return all tasks, small files first.

    Raises
    ------
    RequestError
        There is no such class.
    TransferError
        A list cannot be downloaded, or is not a list.
    """
    tasks: list[Task] = []
    if Content.ANNOTATIONS in request.contents:
        tasks += _annotations(request)
    tasks += _downstream(request)
    if Content.VIDEOS in request.contents:
        for split in request.splits:
            tasks += _archives(request, split, session)
    return tasks


def _annotations(request: Request) -> list[Task]:
    version = request.version
    paths = [f"annotations/{name}" for split in request.splits for name in version.annotations[split]]
    limits = {**dict.fromkeys(paths, TABLE), version.read_me: TEXT}
    return [FileTask(path, version.url(path), request.root / path, limit) for path, limit in limits.items()]


def _downstream(request: Request) -> list[Task]:
    tasks: list[Task] = []
    for content, name in request.version.downstream.items():
        if content in request.contents:
            path = f"annotations/{name}"
            archive, receipt = request.root / path, request.notes / f"{path}.json"
            placement = Placement(own_folder=archive_stem(name))
            url, folder = request.version.url(path), request.root / "annotations"
            tasks.append(ArchiveTask(path, url, archive, receipt, folder, False, placement))
    return tasks


def _archives(request: Request, split: str, session: Session) -> list[Task]:
    version = request.version
    address = version.list_url(split)
    urls = parse_list(session.text(address, TEXT), address)
    if split in version.class_archives:
        return _class_archives(request, split, urls)
    wanted = _wanted_clips(request, split, session)
    tasks = [_archive(request, split, url, Placement(wanted)) for url in urls]
    if version.replacement and split == "train":
        # Names of its clips have ids only.
        ids = None if wanted is None else frozenset(clip[:ID_LENGTH] for clip in wanted)
        tasks.append(_archive(request, "replacement", version.url(version.replacement), Placement(ids)))
    return tasks


def _class_archives(request: Request, split: str, urls: Sequence[str]) -> list[Task]:
    labels = [archive_stem(file_name(url)) for url in urls]
    wanted = _known_keys(request.classes or labels, labels)
    placed = [(url, label) for url, label in zip(urls, labels, strict=True) if class_key(label) in wanted]
    return [_archive(request, split, url, Placement(own_folder=label)) for url, label in placed]


def _archive(request: Request, folder: str, url: str, placement: Placement) -> Task:
    name = f"{folder}/{file_name(url)}"
    return ArchiveTask(
        name,
        url,
        archive=request.root / "archives" / name,
        receipt=request.notes / f"{name}.json",
        folder=request.root / folder if request.extract else None,
        keep=request.keep_archives,
        placement=placement,
    )


def _wanted_clips(request: Request, split: str, session: Session) -> frozenset[str] | None:
    if not request.classes:
        return None
    path = f"annotations/{request.version.annotations[split][0]}"
    url, local = request.version.url(path), request.root / path
    text = local.read_text("utf-8", "replace") if local.exists() else session.text(url, TABLE)
    rows = read_labels(text, url)
    return clips_of_classes(rows, _known_keys(request.classes, {label for _, label in rows}))


def _known_keys(asked: Sequence[str], labels: Iterable[str]) -> set[str]:
    by_key = {class_key(label): label for label in labels}
    for name in asked:
        if class_key(name) not in by_key:
            near = difflib.get_close_matches(class_key(name), by_key, 3, 0.5)
            hint = f"; did you mean {' or '.join(repr(by_key[key]) for key in near)}?" if near else ""
            raise RequestError(f"there is no class {name!r}{hint}")
    return {class_key(name) for name in asked}
