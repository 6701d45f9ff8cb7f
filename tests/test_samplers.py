"""Samplers take the frames they say they take, in range, whatever the video."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampled import TimedVideo

import kinetics_fast as kf
from kinetics_fast.samplers import VideoSpan

if TYPE_CHECKING:
    from pathlib import Path

    from kinetics_fast.samplers import SampledVideo, Sampler
    from kinetics_fast.samplers.protocols import Indices


def sample(sampler: Sampler, video: SampledVideo | int, seed: int = 0) -> Indices:
    frames = TimedVideo.steady(video) if isinstance(video, int) else video
    return sampler(frames, np.random.default_rng(seed))


def test_uniform_clips_begin_with_the_video_and_end_with_it() -> None:
    assert sample(kf.UniformClips(4, 8, 3), 250)[:, 0].tolist() == [0, 113, 225]  # 112.5 goes up
    assert sample(kf.UniformClips(4, 8, 3), 250)[-1].tolist() == [225, 233, 241, 249]
    assert sample(kf.UniformClips(3, 2), 10).tolist() == [[2, 4, 6]]


def test_a_video_satisfies_what_samplers_want(path: Path) -> None:
    video = kf.Video(path)
    assert video.num_frames == len(video) == 60
    assert sample(kf.RandomClips(8, 4, clips=3), video).shape == (3, 8)


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 400), st.integers(0, 99))
def test_random_clips_by_frames_are_in_range_and_evenly_apart(
    frames: int, stride: int, num_frames: int, seed: int
) -> None:
    indices = sample(kf.RandomClips(frames, stride, clips=5), num_frames, seed)
    assert indices.shape == (5, frames)
    assert indices.dtype == np.int64
    assert indices.min() >= 0
    assert indices.max() < num_frames
    if num_frames > (frames - 1) * stride:
        assert (np.diff(indices) == stride).all()
    assert (indices == sample(kf.RandomClips(frames, stride, clips=5), num_frames, seed)).all()


@pytest.mark.parametrize(("short", "expected"), [("repeat_last", [0, 3, 6, 6, 6]), ("loop", [0, 3, 6, 1, 4])])
def test_short_videos_are_padded(short: Any, expected: list[int]) -> None:
    assert sample(kf.RandomClips(5, 3, short=short), 8).tolist() == [expected]
    assert sample(kf.RandomClips(5, fps=10, short=short), 8).tolist() == [expected]


def test_short_videos_can_be_an_error() -> None:
    with pytest.raises(kf.FrameRangeError, match="13 frames does not fit into a video of 8"):
        sample(kf.RandomClips(5, 3, short="error"), 8)


def test_samplers_are_values() -> None:
    sampler = kf.RandomClips(16, 8, clips=2)
    assert pickle.loads(pickle.dumps(sampler)) == sampler
    assert hash(sampler) == hash(kf.RandomClips(16, stride=8, clips=2))
    assert "frames=16, stride=8, clips=2" in repr(sampler)


def test_a_span_is_the_frames_shown_from_start_to_end() -> None:
    video = TimedVideo((0.0, 0.5, 0.6, 2.0, 2.1), 3.0, 5 / 3)
    span = VideoSpan(video, 0.55, 2.1)
    assert (span.first_frame, span.num_frames, span.duration) == (1, 3, 1.6)
    assert span.timestamps.tolist() == [0.5, 0.6, 2.0]
