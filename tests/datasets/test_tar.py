"""Members of uncompressed tar archives are read in place; other archives are refused."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf


def shard(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    """Write an archive of `members` in their order."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def bytes_of(source: object) -> bytes:
    assert isinstance(source, kf.FileRange)
    with Path(source.path).open("rb") as file:
        file.seek(source.offset)
        return file.read(source.size)


def test_members_are_file_ranges_of_their_own_bytes(tmp_path: Path) -> None:
    long_name = "zumba/" + "n" * 150 + ".mp4"
    members = {
        "./zumba/b.mp4": b"bb",
        "zumba/._b.mp4": b"!",
        long_name: b"long",
        "a b/c.mkv": b"ccc",
        "d.mp4": b"d",
    }
    first = shard(tmp_path / "0.tar", {**members, "zumba/labels.txt": b"?"})
    second = shard(tmp_path / "1.tar", {"k400/zumba/e.mp4": b"e"})
    dataset = kf.Dataset.from_tars([first, second])
    assert dataset.classes == ("a b", "zumba")
    found = [(bytes_of(record.source), record.label) for record in dataset]
    assert found == [(b"bb", 1), (b"long", 1), (b"ccc", 0), (b"d", None), (b"e", 1)]
    assert kf.Dataset.from_tars(str(second), label_by=None).labels.tolist() == [-1]


def test_an_archive_can_be_a_class(tmp_path: Path) -> None:
    name = tmp_path / "mountain climber (exercise).tar.gz"  # not compressed, in spite of its name
    dataset = kf.Dataset.from_tars(shard(name, {"./a.mp4": b"a"}), label_by="archive")
    assert dataset.classes == ("mountain climber (exercise)",)
    assert bytes_of(dataset[0].source) == b"a"


def test_of_a_name_that_comes_twice_the_later_member_counts(tmp_path: Path) -> None:
    path = shard(tmp_path / "a.tar", {"x/a.mp4": b"old", "x/b.mp4": b"b"})
    shard(path, {"x/a.mp4": b"newer"}, "a")
    assert [bytes_of(record.source) for record in kf.Dataset.from_tars(path)] == [b"newer", b"b"]


def test_what_is_no_whole_plain_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(kf.CorruptError, match=r"is compressed.*extract it"):
        kf.Dataset.from_tars(shard(tmp_path / "a.tar", {"a.mp4": b"a"}, "w:gz"))
    whole = shard(tmp_path / "b.tar", {"a.mp4": bytes(5000), "b.mp4": bytes(5000)})
    whole.write_bytes(whole.read_bytes()[:8000])
    with pytest.raises(kf.CorruptError, match=r"ends within a member \(b\.mp4\)"):
        kf.Dataset.from_tars(whole)
    (tmp_path / "c.tar").write_bytes(bytes(range(256)) * 8)
    with pytest.raises(kf.CorruptError, match="is not a complete tar archive"):
        kf.Dataset.from_tars(tmp_path / "c.tar")
    with pytest.raises(kf.OpenError, match="No such file"):
        kf.Dataset.from_tars(tmp_path / "nowhere.tar")
    with pytest.raises(ValueError, match="label_by"):
        kf.Dataset.from_tars([], label_by="name")  # type: ignore[arg-type]


@pytest.mark.ffmpeg
def test_a_member_is_decoded_in_place(path: Path, tmp_path: Path) -> None:
    dataset = kf.Dataset.from_tars(shard(tmp_path / "a.tar", {"zumba/a.mp4": path.read_bytes()}))
    frames = kf.decode_clips([kf.Clip(dataset[0].source, start=3, frames=2)]).frames
    np.testing.assert_array_equal(frames[0], kf.Video(path).frames([3, 4]))
