"""A span of a video acts as a video with the frames shown at start <= t < end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from kinetics_fast.samplers import VideoSpan
from support.sampled import TimedVideo

UNEVEN = TimedVideo((0.0, 0.5, 0.6, 2.0, 2.1), 3.0, 5 / 3)


@pytest.mark.parametrize(
    ("start", "end", "first", "frames", "duration"),
    [
        (None, None, 0, 5, 3.0),
        (0.55, 2.1, 1, 3, 1.6),
        (0.6, None, 2, 3, 2.4),
        (None, 0.5, 0, 1, 0.5),
        (-7.0, 99.0, 0, 5, 3.0),
        (2.9, 3.5, 4, 1, 0.9),
        (0.7, 0.8, 2, 1, 1.4),
    ],
)
def test_a_span_has_the_frames_shown_then(
    start: float | None, end: float | None, first: int, frames: int, duration: float
) -> None:
    span = VideoSpan(UNEVEN, start, end)
    assert (span.first_frame, span.num_frames) == (first, frames)
    assert span.duration == pytest.approx(duration)
    assert span.timestamps.tolist() == UNEVEN.timestamps[first : first + frames].tolist()
    assert (span.fps, span.width, span.height) == (UNEVEN.fps, 340, 256)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.floats(0, 4), st.floats(0.1, 4), st.floats(0, 2))
def test_a_span_equals_a_check_of_every_frame(start: float, length: float, begin: float) -> None:
    video = TimedVideo.steady(50, 12.5, begin)
    ends = [*video.times[1:], video.end]
    shown = [k for k, (low, high) in enumerate(zip(video.times, ends, strict=True)) if high > start]
    shown = [k for k in shown if video.times[k] < start + length]
    if not shown:
        with pytest.raises(kf.FrameRangeError):
            VideoSpan(video, start, start + length)
    else:
        span = VideoSpan(video, start, start + length)
        assert [*range(span.first_frame, span.first_frame + span.num_frames)] == shown


@pytest.mark.parametrize("window", [(3.0, None), (3.0, 9.0), (None, 0.0), (-2.0, -1.0)])
def test_a_span_without_frames_is_an_error(window: tuple[float | None, float | None]) -> None:
    with pytest.raises(kf.FrameRangeError, match=r"no frame is shown.*lasts from 0 s to 3 s"):
        VideoSpan(UNEVEN, *window)


@pytest.mark.parametrize("window", [(2.0, 1.0), (1.0, 1.0), (float("nan"), 1.0), (0.0, float("nan"))])
def test_a_span_ends_after_it_starts(window: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="end must be after start"):
        VideoSpan(UNEVEN, *window)


def test_a_span_of_everything_looks_at_no_timestamps() -> None:
    class Untimed(TimedVideo):
        @property
        def timestamps(self) -> np.ndarray:
            raise AssertionError("timestamps were looked at")

    span = VideoSpan(Untimed(UNEVEN.times, UNEVEN.end, UNEVEN.fps))
    assert kf.RandomClips(2, 2)(span, np.random.default_rng(0)).shape == (1, 2)
