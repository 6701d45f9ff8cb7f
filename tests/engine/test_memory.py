"""Memory stays constant while files and batches come and go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import kinetics_fast as kf
from support.child import TESTS, Child
from support.process import resident_bytes
from videos import media

pytestmark = pytest.mark.ffmpeg

CALLS = 400
INDEX_BYTES = 2500  # per video, in the cache of indices


def test_memory_stays_flat_over_many_files(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(media.make("b_pyramid_normal.mp4").read_bytes())

    def read_as_new(calls: int) -> None:
        for number in range(calls):
            os.utime(path, ns=(number, number))  # the cache takes it for another file
            kf.decode_clips([kf.Clip(path, indices=[7, 31, 55])], size=32)

    read_as_new(CALLS)
    before = resident_bytes()
    read_as_new(CALLS)
    assert resident_bytes() - before < CALLS * INDEX_BYTES + (2 << 20)


BATCH_BYTES = 4 * 3 * 8 * 200 * 200 * 4


@pytest.mark.parametrize("prefetch", [1, 3])
def test_a_slow_consumer_costs_no_more_than_the_prefetched_batches(prefetch: int, child: Child) -> None:
    source = """
import sys, time
sys.path.insert(0, sys.argv[1])
import kinetics_fast as kf
from support.process import resident_bytes

def loader(prefetch):
    records = [sys.argv[2], "no such video.mp4"] * 24
    sampler = kf.RandomClips(8, stride=4)
    return kf.ClipLoader(records, sampler, size=200, batch_size=4, prefetch=prefetch, on_error="skip")

for _ in kf.ClipLoader([sys.argv[2]], kf.RandomClips(8, stride=4), size=16, batch_size=1):
    before = resident_bytes()
peaks = []
loader = loader(int(sys.argv[3]))
for _ in range(3):
    peaks.append(0)
    for batch in loader:
        time.sleep(0.01)
        peaks[-1] = max(peaks[-1], resident_bytes() - before)
print(*peaks)
"""
    first, *later = map(int, child(source, TESTS, media.make("short_gop.mkv"), prefetch).split())
    # The prefetched batches, the one in use, and one that the loop still holds while it requests the next.
    assert first < (prefetch + 2) * BATCH_BYTES + (24 << 20)
    assert max(later) < first + BATCH_BYTES + (2 << 20)


@pytest.mark.parametrize("size", [(1, 1_000_000), (1_000_000, 1)])
def test_a_huge_frame_costs_little_more_than_its_output(size: tuple[int, int], child: Child) -> None:
    source = """
import resource, sys
import kinetics_fast as kf

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

clips = [kf.Clip(sys.argv[1], indices=[0])]
kf.decode_clips(clips, size=64)
before = peak()
batch = kf.decode_clips(clips, size=(int(sys.argv[2]), int(sys.argv[3])))
print(peak() - before, batch.frames.nbytes)
"""
    grown, output = map(int, child(source, media.make("open_gop.mp4"), *size).split())
    assert grown < 4 * output + (16 << 20)  # filter tables of the whole line took 46 times the output
