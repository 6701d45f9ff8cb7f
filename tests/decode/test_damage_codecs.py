"""In every codec damage is reported whatever else is requested, ends at an entry, and harms no good frame."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from tools import damage_check
from videos import media
from videos.ffmpeg_cli import Facts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

pytestmark = pytest.mark.ffmpeg

OK = kf.FrameStatus.OK
# The codecs whose decoder notices zeroed data; in the other codecs every string of zeros is valid.
TELLING = [
    "hevc.mkv", "mpeg1video.mkv", "mpeg2video.mkv", "mpeg4.mkv", "h263.mkv", "short_gop.mkv",
    "set_in_unreferenced.mkv", "fields_apart.mkv", "fields_open_apart.mkv",
]  # fmt: skip
SILENT = ["vp8.mkv", "vp9.mkv", "av1.mkv", "msmpeg4v3.mkv", "mjpeg.mkv", "wmv2.mkv", "wmv3.mkv", "vc1.mkv"]


def read(video: kf.Video, indices: list[int]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    batch = kf.decode_clips([kf.Clip(video, indices=indices)], on_error="zero")
    return batch.status[0], batch.frames[0]


def large_packets(name: str) -> list[int]:
    """Return the numbers of the three largest packets of the first pictures, without the entries."""
    packets = Facts(media.make(name)).packets
    return sorted(range(3, 9), key=lambda n: (packets[n].key, -len(packets[n].data)))[:3]


def zeroed(folder: Path, name: str, number: int) -> Path:
    """Return the video with zeros in the middle of a packet."""
    path = media.make(name)
    data, packet = path.read_bytes(), Facts(path).packets[number].data
    at = data.index(packet)
    first, end = at + len(packet) // 3, at + len(packet) * 3 // 4
    broken = folder / name
    broken.write_bytes(data[:first] + bytes(end - first) + data[end:])
    return broken


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("name", [*TELLING, *SILENT])
def test_damage_in_one_packet(name: str, which: int, tmp_path: Path) -> None:
    number = large_packets(name)[which]
    whole = kf.Video(media.make(name))
    count = len(whole)
    original = whole.frames(range(count))
    video = kf.Video(zeroed(tmp_path, name, number))
    assert len(video) == count
    status, frames = read(video, list(range(count)))
    for frame in range(0, count, 3):
        alone, pixels = read(video, [frame])
        assert alone[0] == status[frame]
        assert np.array_equal(pixels[0], frames[frame])
    sound = np.flatnonzero(status == OK)
    wrong = [i for i in sound.tolist() if not np.array_equal(frames[i], original[i])]
    entry = next((key for key in whole.keyframes.tolist() if key > number + 3), count)
    assert (status[entry:] == OK).all()
    if name in TELLING:
        assert wrong == []
        assert (status != OK).any()
    else:
        assert max(wrong, default=0) < entry


@pytest.mark.parametrize("number", [4, 6])
def test_av1_packets_of_wrong_sizes_are_damaged_in_every_company(number: int) -> None:
    """A doubled size in the sample table makes packets end in the middle of the OBU behind their frame."""
    data = media.make("av1.mp4").read_bytes()
    at = data.index(b"stsz") + 16
    (count,) = struct.unpack_from(">I", data, at - 4)
    sizes = list(struct.unpack_from(f">{count}I", data, at))
    doubled = [*sizes[: number + 1], *sizes[number:-1]]
    video = kf.Video(data[:at] + struct.pack(f">{count}I", *doubled) + data[at + 4 * count :])
    indices = list(range(len(video)))
    full = damage_check.read(video, [indices])
    assert list(damage_check.depends_on_company(video, full, np.random.default_rng(number))) == []
    assert full.status[0, number + 1] != OK


def test_a_packet_with_a_part_of_an_uncompressed_picture_fails(tmp_path: Path) -> None:
    """FFmpeg shows memory that was never written where the second half should be."""
    name, number = "raw_pal8.avi", 3
    data = bytearray(media.make(name).read_bytes())
    size = struct.pack("<I", 64 * 48)
    at = [match.end() for match in re.finditer(re.escape(b"00dc" + size), data)][number]
    data[at - 4 : at] = struct.pack("<I", 64 * 24)
    broken = tmp_path / name
    broken.write_bytes(data)
    whole, video = kf.Video(media.make(name)), kf.Video(broken)
    status, frames = read(video, list(range(len(whole))))
    assert np.flatnonzero(status != OK).tolist() == [number]
    sound = np.flatnonzero(status == OK).tolist()
    assert np.array_equal(frames[sound], whole.frames(sound))


@pytest.mark.parametrize("number", [1, 5])
def test_hevc_pictures_that_wrongly_claim_to_be_unreferenced_change_no_status(
    number: int, tmp_path: Path
) -> None:
    """HEVC decoders refer to such a picture where it is there, and fail without it."""
    path = media.make("hevc.mkv")
    data, nal = bytearray(path.read_bytes()), Facts(path).packets[number].nals[-1].data
    assert nal[0] >> 1 == 1  # TRAIL_R
    data[data.index(nal)] ^= 2  # TRAIL_N
    broken = tmp_path / path.name
    broken.write_bytes(data)
    video, whole = kf.Video(broken), kf.Video(path)
    indices = list(range(len(whole)))
    full = damage_check.read(video, [indices])
    assert list(damage_check.depends_on_company(video, full, np.random.default_rng(number))) == []
    assert (full.status == OK).all()
    assert np.array_equal(full.frames[0], whole.frames(indices))
