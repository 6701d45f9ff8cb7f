"""Reading more than the object stores hold spills nothing, and no process grows."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.ray import read_clips
from support.preparing import six_seconds

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

VIDEOS = 800
BATCH = 4
GROWTH = 50 << 20


@pytest.mark.usefixtures("nodes")
def test_memory_is_bounded() -> None:
    from support.ray_nodes import NODES, STORE_BYTES, memory_of_workers, spilled_files, store_bytes

    dataset = kf.Dataset([str(six_seconds())], [0]).take(np.zeros(VIDEOS, np.int64))
    clips = read_clips(dataset, kf.RandomClips(16, 4), kf.RandomResizedCrop(112), batch_size=BATCH)
    stores, memory, spilled, total = [], [], set(spilled_files()), 0
    before = len(spilled)
    for block in clips.iter_batches(batch_size=None, batch_format="numpy"):
        total += block["frames"].nbytes
        stores.append(store_bytes())
        memory.append(memory_of_workers())
        spilled.update(spilled_files())
    print(f"{total} bytes decoded, at most {max(stores)} in stores, {max(memory)} in a worker")
    assert len(stores) == VIDEOS // BATCH
    assert total > 5 * NODES * STORE_BYTES
    assert 0 < max(stores) <= NODES * STORE_BYTES
    assert len(spilled) == before
    half = len(memory) // 2
    assert 0 < max(memory[half:]) <= max(memory[:half]) + GROWTH
