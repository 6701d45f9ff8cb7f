"""A binary file object is a source wherever one is taken, and is left as it was."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tarfile
import tempfile
import time
import zipfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast._decode import file_object
from support import loading
from videos import media

if TYPE_CHECKING:
    from collections.abc import Iterator

    from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg

REAL = ["open", "unbuffered", "updated", "named temporary"]
READ_WHOLE = ["descriptor", "temporary", "spooled", "BytesIO", "gzip", "zip", "tar", "replaced", "handle"]
TEMPORARY: dict[str, Any] = {
    "named temporary": tempfile.NamedTemporaryFile,
    "temporary": tempfile.TemporaryFile,
    "spooled": partial(tempfile.SpooledTemporaryFile, 1 << 30),
}


class Handle:
    """A file object of no known kind, as libraries for remote files have them, in pieces of 1 000 bytes."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(min(size, 1000))

    def seek(self, position: int) -> int:
        return self._file.seek(position)

    def tell(self) -> int:
        return self._file.tell()


class Stream:
    """A file object that cannot seek."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


class Broken:
    """A file object whose data cannot be read."""

    def __init__(self, error: type[Exception] = EOFError) -> None:
        self._error = error

    def read(self, _: int) -> bytes:
        raise self._error("the connection ended")


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Close the files of a test at its end."""
    with ExitStack() as stack:
        yield stack


def make(kind: str, path: Path, folder: Path, opened: ExitStack) -> Any:
    """Return an open file object of the kind with the bytes of the file."""
    data, copied = path.read_bytes(), folder / "copied.mp4"
    copied.write_bytes(data)
    if kind in ("open", "replaced"):
        file: Any = opened.enter_context(copied.open("rb"))
        if kind == "replaced":
            copied.rename(folder / "renamed.mp4")
            copied.write_bytes(b"another file of that name")
        return file
    if kind == "unbuffered":
        return opened.enter_context(copied.open("rb", buffering=0))
    if kind == "updated":
        return opened.enter_context(copied.open("r+b"))
    if kind == "descriptor":
        return opened.enter_context(os.fdopen(os.open(copied, os.O_RDONLY), "rb"))
    if kind == "BytesIO":
        return io.BytesIO(data)
    if kind == "handle":
        return Handle(data)
    if kind == "gzip":
        packed = folder / "copied.mp4.gz"
        packed.write_bytes(gzip.compress(data, 1))
        return opened.enter_context(gzip.open(packed))
    if kind == "zip":
        with zipfile.ZipFile(folder / "videos.zip", "w", zipfile.ZIP_DEFLATED) as new:
            new.write(path, "copied.mp4")
        archive = opened.enter_context(zipfile.ZipFile(folder / "videos.zip"))
        return opened.enter_context(archive.open("copied.mp4"))
    if kind == "tar":
        with tarfile.open(folder / "videos.tar", "w") as tar:
            tar.add(path, "copied.mp4")
        return opened.enter_context(tarfile.open(folder / "videos.tar")).extractfile("copied.mp4")
    file = opened.enter_context(TEMPORARY[kind](dir=folder))
    file.write(data)  # some of it may not be in the file yet
    return file


@pytest.mark.parametrize("position", [0, 1000])
@pytest.mark.parametrize("kind", [*REAL, *READ_WHOLE])
def test_every_kind_of_file_object_is_a_source_and_keeps_its_position(
    kind: str, position: int, path: Path, tmp_path: Path, whole: Pixels, opened: ExitStack
) -> None:
    file = make(kind, path, tmp_path, opened)
    file.seek(position)
    video = kf.Video(file)
    assert file.tell() == position
    assert len(video) == 60
    assert np.array_equal(video[20:40:6], whole[20:40:6])
    batch = kf.decode_clips([kf.Clip(file, start=start, frames=4, stride=6) for start in (20, 2)])
    assert np.array_equal(batch.frames[0], whole[20:40:6])
    assert np.array_equal(batch.frames[1], whole[2:22:6])
    assert file.tell() == position


@pytest.mark.parametrize("kind", REAL)
def test_a_real_file_is_read_from_the_disk(
    kind: str, path: Path, tmp_path: Path, whole: Pixels, opened: ExitStack
) -> None:
    file = make(kind, path, tmp_path, opened)
    video = kf.Video(file)
    assert repr(str(Path(file.name).resolve())) in repr(video)
    assert np.array_equal(video[3], whole[3])


def test_the_path_of_a_real_file_outlives_the_working_directory(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Pixels
) -> None:
    (tmp_path / "copied.mp4").write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    with Path("copied.mp4").open("rb") as file:
        video = kf.Video(file)
    monkeypatch.chdir("/")
    assert np.array_equal(video[3], whole[3])


@pytest.mark.parametrize("kind", READ_WHOLE)
def test_other_file_objects_are_in_memory(kind: str, path: Path, tmp_path: Path, opened: ExitStack) -> None:
    video = kf.Video(make(kind, path, tmp_path, opened))
    assert f"<{path.stat().st_size} bytes in memory>" in repr(video)


def test_bytes_io_may_be_changed_and_closed_while_its_video_lives(path: Path, whole: Pixels) -> None:
    file = io.BytesIO(path.read_bytes())
    video = kf.Video(file)
    file.write(bytes(1000))
    file.truncate(10)
    file.close()
    assert np.array_equal(video[20:40:6], whole[20:40:6])


def test_a_stream_is_read_from_where_it_is(path: Path, whole: Pixels) -> None:
    stream = Stream(b"header" + path.read_bytes())
    assert stream.read(6) == b"header"
    assert np.array_equal(kf.Video(stream)[3], whole[3])
    assert stream.read(1) == b""


def test_file_objects_of_one_call_are_not_confused_and_each_is_read_once(path: Path) -> None:
    other = media.make("b_pyramid_none.mp4")
    reads: list[int] = []

    class Counted(Handle):
        def seek(self, position: int) -> int:
            reads.append(id(self))
            return super().seek(position)

    files = [Counted(source.read_bytes()) for source in (path, other)]
    clips = [kf.Clip(files[row % 2], start=row, frames=2) for row in range(6)]
    batch = kf.decode_clips(clips, size=32)
    same = [kf.Clip((path, other)[row % 2], start=row, frames=2) for row in range(6)]
    assert np.array_equal(batch.frames, kf.decode_clips(same, size=32).frames)
    assert sorted(reads) == sorted([id(file) for file in files] * 2)  # to the beginning, and back


def test_a_file_object_that_cannot_be_read_is_the_error_of_its_rows(path: Path) -> None:
    with pytest.raises(kf.OpenError, match="EOFError: the connection ended") as caught:
        kf.Video(Broken())
    assert isinstance(caught.value.__cause__, EOFError)
    clips = [kf.Clip(source, start=0, frames=2) for source in (path, Broken(), path)]
    batch = kf.decode_clips(clips, size=8, on_error="zero")
    assert {row: type(error) for row, error in batch.errors.items()} == {1: kf.OpenError}
    assert batch.status.max(axis=1).tolist() == [0, kf.FrameStatus.FAILED, 0]


def test_too_little_memory_is_not_the_fault_of_a_file_object() -> None:
    with pytest.raises(MemoryError):
        kf.decode_clips([kf.Clip(Broken(MemoryError), start=0, frames=2)], size=8, on_error="zero")


def test_more_bytes_than_the_limit_are_refused_and_the_position_is_restored(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = path.read_bytes()
    monkeypatch.setattr(file_object, "MAX_BYTES", len(data))
    assert len(kf.Video(Handle(data))) == 60
    larger = Handle(data + b"\0")
    larger.seek(5)
    with pytest.raises(kf.UnsupportedError, match=f"more than {len(data)} bytes"):
        kf.Video(larger)
    assert larger.tell() == 5


@pytest.mark.parametrize("kind", ["path", "temporary", "StringIO"])
def test_text_files_are_refused(kind: str, path: Path, opened: ExitStack) -> None:
    file: Any = io.StringIO("text")
    if kind == "path":
        file = opened.enter_context(path.open(encoding="latin-1"))
    elif kind == "temporary":
        file = opened.enter_context(TEMPORARY["named temporary"]("w+"))
        file.write("text")
    with pytest.raises(TypeError, match="source must be a file that is open in binary mode"):
        kf.Video(file)
    with pytest.raises(TypeError, match=r"clips\[0\]\.source must be a file that is open in binary mode"):
        kf.decode_clips([kf.Clip(file, start=0, frames=1)])


@pytest.mark.parametrize("kind", ["open", "BytesIO", "spooled", "gzip"])
def test_closed_files_are_refused(kind: str, path: Path, tmp_path: Path, opened: ExitStack) -> None:
    file = make(kind, path, tmp_path, opened)
    file.close()
    with pytest.raises(ValueError, match="source must be an open file, got a closed one"):
        kf.Video(file)


def test_what_is_no_source_is_told_what_is_one() -> None:
    with pytest.raises(
        TypeError, match=r"a path, bytes, a kf\.FileRange, a kf\.Remote or a binary file object, got int"
    ):
        kf.Video(3)  # type: ignore[arg-type]


def test_a_loader_takes_file_objects_and_replaces_those_that_cannot_be_read() -> None:
    files = [io.BytesIO(Path(source).read_bytes()) for source, _ in loading.dataset(4)]
    options: dict[str, Any] = {"on_error": "replace", "seed": 5}
    expected = loading.loader([*(source for source, _ in loading.dataset(4)), "missing.mp4"], **options)
    loader = loading.loader([*files, Broken()], **options)
    for batch, other in zip(loader, expected, strict=True):
        assert np.array_equal(batch.frames, other.frames)
        assert np.array_equal(batch.records, other.records)
        assert sorted(batch.errors) == sorted(other.errors)
    assert [failure.record for failure in loader.stats.failures] == [4]


@pytest.mark.parametrize("kind", [bytes, io.BytesIO])
def test_bytes_and_the_buffer_of_a_bytesio_are_shared_and_given_back(kind: Any, path: Path) -> None:
    data = path.read_bytes()
    before = sys.getrefcount(data)
    source = kind(data)
    video = kf.Video(source)
    frames = video[0:60:7]
    if kind is io.BytesIO:
        source.write(bytes(len(data)))  # the BytesIO makes a copy then, and the video keeps the bytes
        source.close()
    assert np.array_equal(video[0:60:7], frames)
    del source
    assert sys.getrefcount(data) > before
    del video
    for _ in range(500):  # a thread of the engine may let go of them a little later
        if sys.getrefcount(data) == before:
            return
        time.sleep(0.01)
        kf.Video(path)
    pytest.fail("the core keeps the bytes")


def test_memory_that_can_change_is_copied(path: Path) -> None:
    data = bytearray(path.read_bytes())
    video = kf.Video(data)
    frames = video[0:60:7]
    data.clear()  # refused by Python if somebody held the buffer
    assert np.array_equal(video[0:60:7], frames)
