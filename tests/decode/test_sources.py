"""In every container, a video in memory or inside a tar file has the same frames as the file."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support.expectations import UNFLAGGED
from videos import media, oracle

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg


@pytest.fixture(scope="session")
def tar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tar of all test videos."""
    path = tmp_path_factory.mktemp("tar") / "videos.tar"
    with tarfile.open(path, "w") as members:
        for name in media.NAMES:
            members.add(media.make(name), name)
    return path


@pytest.fixture(scope="session")
def members(tar: Path) -> dict[str, kf.FileRange]:
    with tarfile.open(tar) as found:
        return {member.name: kf.FileRange(tar, member.offset_data, member.size) for member in found}


def assert_same(video: kf.Video, name: str) -> None:
    path = media.make(name)
    theirs, from_path = oracle.frames(path).planes, kf.Video(path)
    assert len(video) == len(theirs)
    np.testing.assert_array_equal(video.timestamps, from_path.timestamps)
    if name not in UNFLAGGED:
        assert video.keyframes.tolist() == from_path.keyframes.tolist()
    assert (video.codec, video.width, video.height) == (from_path.codec, from_path.width, from_path.height)
    order = np.random.default_rng(len(theirs)).permutation(len(theirs)).tolist()
    for rows in (range(len(theirs)), *([frame] for frame in order[:5])):
        wrong = [
            i
            for i, planes in zip(rows, video.planes(rows), strict=True)
            if not oracle.equal(planes, theirs[i])
        ]
        assert wrong == []


@pytest.mark.parametrize("name", media.NAMES)
def test_planes_read_from_bytes_equal_ffmpeg(name: str) -> None:
    assert_same(kf.Video(media.make(name).read_bytes()), name)


@pytest.mark.parametrize("name", media.NAMES)
def test_planes_read_from_a_tar_member_equal_ffmpeg(name: str, members: dict[str, kf.FileRange]) -> None:
    assert_same(kf.Video(members[name]), name)
