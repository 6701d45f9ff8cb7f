"""Arrays and videos stay valid after garbage collection, in threads and in other processes."""

from __future__ import annotations

import copy
import hashlib
import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from videos import media, oracle

if TYPE_CHECKING:
    from support.child import Child
    from videos.media import Pixels

pytestmark = pytest.mark.ffmpeg


def test_arrays_outlive_the_video_and_are_writable(path: Path, whole: Pixels) -> None:
    video = kf.Video(path)
    frames, planes = video[0:5], video.planes([3])[0]
    del video
    kf.Video(path)[10:20]
    assert np.array_equal(frames, whole[0:5])
    assert oracle.equal(planes, oracle.frames(path).planes[3])
    frames[:] = 7
    assert (frames == 7).all()


def test_recycled_buffers_are_never_shared_with_live_arrays(video: kf.Video, whole: Pixels) -> None:
    kept = [video[0:8]]
    for start in range(40):
        frames = video[start : start + 8]
        assert not any(np.shares_memory(frames, other) for other in kept)
        if start % 3 == 0:
            kept.append(frames)
        else:
            frames[:] = 0xA5
    for start, frames in zip([0, *range(0, 40, 3)], kept, strict=True):
        assert np.array_equal(frames, whole[start : start + 8])


def test_a_view_of_an_array_keeps_its_buffer(video: kf.Video, whole: Pixels) -> None:
    view = video[0:8][3, 10:20]
    for _ in range(5):
        video[20:28][:] = 0
    assert np.array_equal(view, whole[3, 10:20])


def descriptors_of(path: Path) -> int:
    """Count the open descriptors of a file, after the workers had time to close theirs."""
    for _ in range(100):
        links = [Path("/dev/fd") / name for name in os.listdir("/dev/fd")]  # noqa: PTH208 (entries may vanish)
        count = sum(link.is_symlink() and link.samefile(path) for link in links if link.exists())
        if not count:
            break
        time.sleep(0.02)
    return count


def test_no_file_descriptor_stays_open(path: Path) -> None:
    videos = [kf.Video(path) for _ in range(20)]
    kf.decode_clips([kf.Clip(path, start=row, frames=2) for row in range(20)])
    assert all(video[5].any() for video in videos)
    with pytest.raises(kf.FrameRangeError):
        kf.decode_clips([kf.Clip(path, start=59, frames=2)])
    assert descriptors_of(path) == 0
    for _ in range(5):
        with pytest.raises(kf.Error):
            kf.Video(media.__file__)
    assert descriptors_of(Path(media.__file__)) == 0


def test_threads_may_share_a_video(video: kf.Video, whole: Pixels) -> None:
    def read(seed: int) -> bool:
        indices = np.random.default_rng(seed).integers(0, 60, 6)
        return np.array_equal(video.frames(indices), whole[indices])

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(64)))


def test_copies_are_videos_of_their_own(video: kf.Video, whole: Pixels) -> None:
    for other in (copy.copy(video), copy.deepcopy(video)):
        assert len(other) == 60
        assert np.array_equal(other[9], whole[9])


IN_CHILD = """
import pickle, sys
from pathlib import Path
video = pickle.loads(Path(sys.argv[1]).read_bytes())
import hashlib
print(len(video), video.timestamps[-1], hashlib.md5(video[5:50:7].tobytes()).hexdigest())
"""


def test_a_pickled_video_decodes_in_another_process(video: kf.Video, tmp_path: Path, child: Child) -> None:
    (tmp_path / "video.pickle").write_bytes(pickle.dumps(video))
    count, last, digest = child(IN_CHILD, tmp_path / "video.pickle").split()
    assert (int(count), float(last)) == (60, video.timestamps[-1])
    assert digest == hashlib.md5(video[5:50:7].tobytes()).hexdigest()


def test_a_pickled_video_of_bytes_carries_them(path: Path, whole: Pixels) -> None:
    video = pickle.loads(pickle.dumps(kf.Video(path.read_bytes())))
    assert np.array_equal(video[12], whole[12])


def test_a_pickled_video_knows_its_frames_without_the_file_and_fails_to_decode(
    path: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "here.mp4"
    moved.write_bytes(path.read_bytes())
    pickled = pickle.dumps(kf.Video(moved))
    moved.rename(tmp_path / "there.mp4")
    video = pickle.loads(pickled)
    assert len(video) == 60
    with pytest.raises(kf.OpenError) as caught:
        video[3]
    assert caught.value.path == str(moved)


@pytest.mark.parametrize("position", [0.1, 0.5, 0.9])
def test_a_pickle_that_was_tampered_with_is_refused_or_harmless(
    position: float, child: Child, path: Path
) -> None:
    source = """
import pickle, sys, kinetics_fast as kf
data = bytearray(pickle.dumps(kf.Video(sys.argv[1])))
at = int(len(data) * float(sys.argv[2]))
for i in range(at, min(at + 64, len(data) - 40)):
    broken = data.copy()
    broken[i] ^= 0xFF
    try:
        pickle.loads(bytes(broken))[3]
    except Exception:
        pass
"""
    child(source, path, position)


FORK = """
import os, sys, kinetics_fast as kf, numpy as np
video = kf.Video(sys.argv[1])
whole = video.frames(range(60))
clips = [kf.Clip(sys.argv[1], start=i, frames=8) for i in range(0, 48, 8)]
expected = kf.decode_clips(clips, threads=2).frames
for generation in range(3):
    child = os.fork()
    if child == 0:
        same = np.array_equal(video[10:20], whole[10:20])
        same = same and np.array_equal(kf.decode_clips(clips, threads=2).frames, expected)
        os._exit(0 if same else 1)
    again = np.array_equal(kf.decode_clips(clips, threads=2).frames, expected)
    assert again and os.waitpid(child, 0)[1] == 0
"""


def test_a_forked_child_decodes_and_so_does_its_parent(path: Path, child: Child) -> None:
    child(FORK, path, options=("-W", "ignore::DeprecationWarning"))


POOLS = """
import multiprocessing, sys, kinetics_fast as kf
video = kf.Video(sys.argv[2])
def read(index):
    return int(video[index].sum())
if __name__ == "__main__":
    expected = [read(i) for i in range(0, 60, 5)]
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        assert pool.map(read, range(0, 60, 5)) == expected
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_process_pools_of_every_kind_decode(method: str, path: Path, child: Child) -> None:
    child(POOLS, method, path, options=("-W", "ignore::DeprecationWarning"))
