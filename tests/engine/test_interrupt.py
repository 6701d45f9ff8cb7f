"""Ctrl-C and `timeout=` stop a long call; afterwards nothing is written, and the next call works.

The long call decodes 36,000 frames in each of 16 rows, which no machine finishes while these tests wait.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from support.child import interrupted
from videos import media
from videos.ffmpeg_cli import remux

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg

FRAMES = 60 * 600
ROWS = 16
POISON = 0x5A
CTRL_C = """
import sys, time, kinetics_fast as kf, numpy as np
clips = [kf.Clip(sys.argv[1], start=0, frames=36000)] * 16
out = np.full((16, 36000, 8, 8, 3), 0x5A, np.uint8)
kf.decode_clips([kf.Clip(sys.argv[1], start=0, frames=1)], size=8)
print("started", flush=True)
try:
    kf.decode_clips(clips, size=8, out=out)
    print("finished")
except KeyboardInterrupt:
    stopped = time.time()
    untouched = np.isin(out[:, -1], (0, 0x5A)).all()
    before = out.copy()
    time.sleep(0.3)
    again = kf.decode_clips([kf.Clip(sys.argv[1], start=5, frames=2)], size=8).frames.any()
    print(stopped, untouched, np.array_equal(before, out), again)
"""


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.mkv"
    remux(media.make("short_gop.mkv"), path, before={"stream_loop": 599})
    return path


def test_ctrl_c_stops_a_call(long_video: Path) -> None:
    seconds, facts = interrupted(CTRL_C, long_video)
    assert facts == ["True"] * 3
    assert seconds < 2  # 0.2 s by design; a busy machine may take longer


def test_a_timeout_raises_and_leaves_the_output_alone_from_then_on(long_video: Path) -> None:
    out = np.full((ROWS, FRAMES, 8, 8, 3), POISON, np.uint8)
    clips = [kf.Clip(long_video, start=0, frames=FRAMES)] * ROWS
    with pytest.raises(kf.DecodeTimeout) as caught:
        kf.decode_clips(clips, size=8, out=out, timeout=0.3)
    assert isinstance(caught.value, TimeoutError)
    before = out.copy()
    assert np.isin(out[:, -1], (0, POISON)).all()
    time.sleep(0.3)
    assert np.array_equal(out, before)


def test_after_a_timeout_the_next_call_is_exact(long_video: Path) -> None:
    clips = [kf.Clip(long_video, start=start, frames=4) for start in range(0, 48, 4)]
    expected = kf.decode_clips(clips).frames
    for _ in range(5):
        with pytest.raises(kf.DecodeTimeout):
            kf.decode_clips([kf.Clip(long_video, start=0, frames=FRAMES)] * ROWS, size=8, timeout=0.05)
        assert np.array_equal(kf.decode_clips(clips).frames, expected)


def test_a_timeout_that_is_long_enough_changes_nothing(long_video: Path) -> None:
    clips = [kf.Clip(long_video, start=100, frames=4)]
    assert np.array_equal(kf.decode_clips(clips, timeout=60).frames, kf.decode_clips(clips).frames)


def test_rows_that_a_timeout_kept_from_running_say_so(long_video: Path) -> None:
    video = kf.Video(long_video)  # a time limit that ends while the video is indexed makes other errors
    clips = [kf.Clip(video, start=0, frames=FRAMES)] * ROWS
    batch = kf.decode_clips(clips, size=8, timeout=0.05, on_error="zero")
    unfinished = batch.status != kf.FrameStatus.OK
    assert (batch.status[unfinished] == kf.FrameStatus.NOT_RUN).all()
    assert unfinished[:, -1].all()
    assert not batch.frames[unfinished].any()
    assert sorted(batch.errors) == list(range(ROWS))
    assert all(isinstance(error, kf.DecodeTimeout) for error in batch.errors.values())


@pytest.mark.parametrize("timeout", [-1, float("nan")])
def test_timeouts_that_mean_nothing_are_refused(long_video: Path, timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        kf.decode_clips([kf.Clip(long_video, start=0, frames=1)], timeout=timeout)
