"""Damage is reported, never returned as good pixels, and stays within pictures that may refer to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import kinetics_fast as kf
from videos import media, oracle
from videos.ffmpeg_cli import Facts

pytestmark = pytest.mark.ffmpeg

OK = kf.FrameStatus.OK
NAME = "short_gop.mp4"  # closed GOPs of eight frames
GOP = range(16, 24)


def damaged(folder: Path, kind: str) -> tuple[Path, int]:
    """Overwrite half of a packet in the third GOP; return the file and the frame number of the packet."""
    path = media.make(NAME)
    facts, times = Facts(path), oracle.frames(path).timestamps
    packet = facts.packets[facts.kinds.index(kind, facts.entries[2])]
    nal = packet.nals[-1].data
    data = path.read_bytes()
    at = data.index(nal) + len(nal) // 2
    broken = folder / f"damaged-{kind}.mp4"
    broken.write_bytes(data[:at] + bytes(len(nal) - len(nal) // 2) + data[at + len(nal) - len(nal) // 2 :])
    return broken, int(np.argmin(np.abs(times - (packet.pts or 0))))


@pytest.fixture(scope="module", params=["P", "b"])
def broken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    return damaged(tmp_path_factory.mktemp("damage"), request.param)


def whole(path: Path) -> kf.Batch:
    return kf.decode_clips([kf.Clip(path, indices=range(60))], on_error="zero")


def test_damage_stays_within_its_gop(broken: tuple[Path, int]) -> None:
    path, frame = broken
    status = whole(path).status[0]
    assert status[frame] != OK
    assert set(np.flatnonzero(status != OK)) <= set(GOP)


def test_damage_in_an_unreferenced_picture_marks_that_one_alone(tmp_path: Path) -> None:
    path, frame = damaged(tmp_path, "b")
    assert np.flatnonzero(whole(path).status[0] != OK).tolist() == [frame]


def test_frames_that_are_ok_are_exact(broken: tuple[Path, int]) -> None:
    path, _ = broken
    theirs = oracle.frames(media.make(NAME)).planes
    good = np.flatnonzero(whole(path).status[0] == OK).tolist()
    assert all(
        oracle.equal(planes, theirs[i]) for i, planes in zip(good, kf.Video(path).planes(good), strict=True)
    )


def test_a_damaged_frame_raises_with_its_number_and_ffmpegs_words(broken: tuple[Path, int]) -> None:
    path, frame = broken
    with pytest.raises(kf.CorruptError) as caught:
        kf.Video(path)[frame]
    assert (caught.value.path, caught.value.frame, caught.value.stage) == (str(path), frame, "decode")
    assert caught.value.detail


def test_accepted_damage_is_still_reported(broken: tuple[Path, int]) -> None:
    path, frame = broken
    batch = kf.decode_clips([kf.Clip(path, indices=[frame, 0])], accept_damaged=True)
    assert batch.status.tolist() == [[kf.FrameStatus.DAMAGED, OK]]
    assert batch.errors == {}
    assert batch.frames[0, 0].any()


def test_status_does_not_depend_on_the_other_requested_frames(broken: tuple[Path, int]) -> None:
    path, _ = broken
    together = whole(path)
    apart = kf.decode_clips([kf.Clip(path, indices=[index]) for index in range(60)], on_error="zero")
    alone = [kf.decode_clips([kf.Clip(path, indices=[index])], on_error="zero").status[0, 0] for index in GOP]
    assert together.status[0].tolist() == apart.status[:, 0].tolist()
    assert together.status[0, GOP.start : GOP.stop].tolist() == alone


@pytest.mark.parametrize("name", [NAME, "open_gop.mp4"])
def test_a_flipped_bit_in_the_header_of_an_unreferenced_picture_changes_no_other(
    name: str, tmp_path: Path
) -> None:
    """A frame_num or a picture order count that is wrong can spoil pictures that never refer to its own."""
    path, around = media.make(name), range(14)
    data, facts = path.read_bytes(), Facts(media.make(name))
    packet = facts.packets[facts.kinds.index("b")]
    header = data.index(packet.data) + 4 + 1  # behind the NAL unit's length and type
    broken = tmp_path / "header.mp4"
    for bit in range(32):
        changed = bytearray(data)
        changed[header + bit // 8] ^= 0x80 >> bit % 8
        broken.write_bytes(changed)
        video = kf.Video(broken)
        together = kf.decode_clips([kf.Clip(video, indices=around)], on_error="zero")
        for frame in around:
            alone = kf.decode_clips([kf.Clip(video, indices=[frame])], on_error="zero")
            assert alone.status[0, 0] == together.status[0, frame], (bit, frame)
            assert np.array_equal(alone.frames[0, 0], together.frames[0, frame]), (bit, frame)


def test_the_error_of_a_row_is_that_of_its_first_bad_frame(tmp_path: Path) -> None:
    path = media.make(NAME)
    data = bytearray(path.read_bytes())
    packets = Facts(path).packets
    entries = Facts(path).entries
    for entry in entries[1:]:  # damage in every run but the first
        at = data.index(packets[entry + 1].data)
        data[at + 8 : at + 60] = bytes(52)
    broken = tmp_path / "everywhere.mp4"
    broken.write_bytes(data)
    for _ in range(5):
        batch = kf.decode_clips([kf.Clip(broken, indices=range(59, -1, -1))], on_error="zero")
        first = int(np.flatnonzero(batch.status[0] != OK)[0])
        error = batch.errors[0]
        assert isinstance(error, kf.CorruptError)
        assert error.frame == batch.indices[0, first]
