"""Samplers choose frames by the timestamps of real videos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast._decode.frame_lookup import frame_shown_at
from kinetics_fast._decode.video import source_and_index
from kinetics_fast.samplers import VideoSpan
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ffmpeg


def test_by_time_in_a_video_of_variable_frame_rate() -> None:
    video = kf.Video(media.make("variable_frame_rate.mp4"))
    apart = np.diff(video.timestamps)
    assert apart.max() > 1.5 * apart.min()
    (clip,) = kf.UniformClips(8, seconds=0.1)(video)
    start = (video.timestamps[-1] - video.timestamps[0] - 0.7) / 2 + video.timestamps[0]
    indexed = source_and_index(video)
    shown = [frame_shown_at(indexed, start + 0.1 * k + 0.0005) for k in range(8)]
    assert clip.tolist() == shown


def test_samplers_stay_in_the_span(path: Path) -> None:
    video = kf.Video(path)
    assert video.num_frames == len(video) == 60
    begin, second = float(video.timestamps[0]), video.duration / 60
    span = VideoSpan(video, begin + 10.5 * second, begin + 40.5 * second)
    assert (span.first_frame, span.num_frames) == (10, 31)
    for sampler in (kf.RandomClips(8, 4, 9), kf.UniformClips(8, seconds=3 * second, clips=4)):
        frames = sampler(span, np.random.default_rng(0)) + span.first_frame
        assert frames.min() >= 10
        assert frames.max() <= 40
