"""Each sampler takes its clips: random, evenly spread, dense or fixed clips, or one frame per segment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from kinetics_fast.samplers import FixedClips
from support.sampled import TimedVideo, sample

FEW = settings(deadline=None, derandomize=True, max_examples=200)


@pytest.mark.parametrize("arguments", [{"stride": 4}, {"seconds": 4 / 30}, {"fps": 7.5}])
def test_random_clips_start_at_every_frame_equally_often(arguments: dict[str, Any]) -> None:
    starts = sample(kf.RandomClips(5, clips=20000, **arguments), 27)[:, 0]
    counts = np.bincount(starts)
    assert len(counts) == 11
    assert counts.min() / counts.max() > 0.85


def test_random_clips_draw_as_their_docstring_says() -> None:
    starts = np.random.default_rng(5).integers(0, 300 - 121 + 1, 3)
    expected = starts[:, None] + np.arange(16) * 8
    assert sample(kf.RandomClips(16, 8, 3), 300, seed=5).tolist() == expected.tolist()


def test_uniform_clips_begin_with_the_video_and_end_with_it() -> None:
    assert sample(kf.UniformClips(4, 8, 3), 250)[:, 0].tolist() == [0, 113, 225]  # 112.5 is rounded up
    assert sample(kf.UniformClips(4, 8, 3), 250)[-1].tolist() == [225, 233, 241, 249]
    assert sample(kf.UniformClips(3, 2), 10).tolist() == [[2, 4, 6]]
    assert sample(kf.UniformClips(3, seconds=2 / 30), 10).tolist() == [[2, 4, 6]]


@FEW
@given(st.integers(1, 9), st.integers(1, 9), st.integers(2, 12), st.integers(1, 300))
def test_uniform_clips_are_evenly_spread(frames: int, stride: int, clips: int, num_frames: int) -> None:
    starts = sample(kf.UniformClips(frames, stride, clips), num_frames)[:, 0]
    last = max(num_frames - (frames - 1) * stride - 1, 0)
    assert (starts[0], starts[-1]) == (0, last)
    assert np.ptp(np.diff(starts)) <= 1
    assert np.abs(starts - np.linspace(0, last, clips)).max() <= 0.5


@FEW
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 300))
def test_dense_clips_cover_the_video(frames: int, stride: int, num_frames: int) -> None:
    clips = sample(kf.DenseClips(frames, stride), num_frames)
    starts, step = clips[:, 0], frames * stride
    assert (starts[:-1] == np.arange(len(starts) - 1) * step).all()
    covered = {start + k for start in starts.tolist() for k in range(step)}
    assert covered >= set(range(num_frames))
    assert clips[-1, -1] == num_frames - 1 or starts[-1] % step == 0
    assert len(np.unique(starts)) == len(starts)


def test_dense_clips_have_no_fixed_number() -> None:
    with pytest.raises(ValueError, match=r"DenseClips\(frames=4.*depends on the video.*FixedClips"):
        _ = kf.DenseClips(4, 2).clips


def test_fixed_clips_are_picked_evenly_and_repeated_where_there_are_few() -> None:
    dense = kf.DenseClips(2, 1)
    assert sample(FixedClips(dense, 3), 20)[:, 0].tolist() == [0, 10, 18]  # of 0, 2, ..., 18; 4.5 gives 5
    assert sample(FixedClips(dense, 5), 4)[:, 0].tolist() == [0, 0, 2, 2, 2]
    assert sample(FixedClips(dense, 1), 20)[:, 0].tolist() == [8]
    assert (FixedClips(dense, 3).clips, FixedClips(dense, 3).frames) == (3, 2)


@FEW
@given(st.integers(1, 64), st.integers(1, 400), st.integers(0, 9))
def test_segment_frames_take_one_frame_of_each_segment(frames: int, num_frames: int, seed: int) -> None:
    bounds = np.arange(frames + 1) * num_frames / frames
    for jitter in (False, True):
        (clip,) = sample(kf.SegmentFrames(frames, jitter), num_frames, seed)
        assert (clip >= np.floor(bounds[:-1])).all()
        assert (clip < bounds[1:]).all()
        assert (np.diff(clip) >= 0).all()
    middles = [(2 * i + 1) * num_frames // (2 * frames) for i in range(frames)]
    assert sample(kf.SegmentFrames(frames), num_frames).tolist() == [middles]


def test_segment_frames_with_jitter_take_every_frame_equally_often() -> None:
    sampler, rng = kf.SegmentFrames(4, jitter=True), np.random.default_rng(0)
    video = TimedVideo.steady(10)
    counts = np.bincount(np.concatenate([sampler(video, rng)[0] for _ in range(5000)]))
    np.testing.assert_allclose(counts / 2000, 1, atol=0.08)


def test_segment_frames_stay_in_range_where_rounding_would_not() -> None:
    class Last:
        def random(self, size: int) -> Any:
            return np.full(size, np.nextafter(1.0, 0.0))

    sampler: Any = kf.SegmentFrames(8, jitter=True)
    assert sampler(TimedVideo.steady(16), Last())[0, -1] == 15
