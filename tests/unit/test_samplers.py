"""Samplers take the frames that they document, within the range of any video."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from kinetics_fast.samplers import FixedClips
from support.sampled import TimedVideo, sample

if TYPE_CHECKING:
    from kinetics_fast.samplers import Sampler

FEW = settings(deadline=None, derandomize=True, max_examples=200)
SPACED: list[type[Any]] = [kf.RandomClips, kf.UniformClips, kf.DenseClips]


@st.composite
def timed_videos(draw: st.DrawFn) -> TimedVideo:
    """Draw frames of 10 to 100 ms, with times in milliseconds as in Matroska."""
    lasting = draw(st.lists(st.integers(10, 100), min_size=1, max_size=80))
    times = (draw(st.integers(0, 5000)) + np.cumsum([0, *lasting])) / 1000
    return TimedVideo(
        tuple(times[:-1].tolist()), float(times[-1]), len(lasting) / float(times[-1] - times[0])
    )


@st.composite
def samplers(draw: st.DrawFn) -> Sampler:
    frames = draw(st.integers(1, 20))
    apart = draw(
        st.one_of(
            st.fixed_dictionaries({"stride": st.integers(1, 9)}),
            st.fixed_dictionaries({"seconds": st.floats(0.003, 0.9)}),
            st.fixed_dictionaries({"fps": st.floats(1, 90)}),
        )
    )
    options: Any = {"short": draw(st.sampled_from(["repeat_last", "loop"])), **apart}
    clips = draw(st.integers(1, 6))
    choice: list[Sampler] = [
        kf.RandomClips(frames, clips=clips, **options),
        kf.UniformClips(frames, clips=clips, **options),
        FixedClips(kf.DenseClips(frames, **options), clips),
        kf.SegmentFrames(frames, jitter=clips % 2 == 0),
    ]
    return draw(st.sampled_from(choice))


@FEW
@given(samplers(), timed_videos(), st.integers(0, 9))
def test_clips_are_in_range_and_follow_from_the_generator_alone(
    sampler: Sampler, video: TimedVideo, seed: int
) -> None:
    indices = sample(sampler, video, seed)
    assert indices.shape == (sampler.clips, sampler.frames)
    assert indices.dtype == np.int64
    assert indices.min() >= 0
    assert indices.max() < video.num_frames
    assert (indices == sample(sampler, video, seed)).all()
    assert indices.flags.writeable


@pytest.mark.parametrize("kind", SPACED)
@FEW
@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 300), st.integers(0, 9))
def test_clips_by_frames_are_evenly_spaced(
    kind: type[Any], frames: int, stride: int, more: int, seed: int
) -> None:
    num_frames = (frames - 1) * stride + 1 + more
    indices = sample(kind(frames, stride), num_frames, seed)
    assert (np.diff(indices) == stride).all()
    assert indices.max() < num_frames


@pytest.mark.parametrize("kind", SPACED)
@FEW
@given(timed_videos(), st.integers(2, 9), st.floats(0.01, 0.2), st.integers(0, 9))
def test_clips_by_time_show_the_frames_at_these_times(
    kind: type[Any], video: TimedVideo, frames: int, seconds: float, seed: int
) -> None:
    """For some start, each frame is the one shown at its time after the start, to half a millisecond."""
    if (frames - 1) * seconds >= video.duration - 0.001:
        return
    ends = np.append(video.timestamps[1:], np.inf)
    for clip in sample(kind(frames, seconds=seconds), video, seed):
        later = np.arange(frames) * seconds
        earliest = (video.timestamps[clip] - later).max() - 0.0005
        latest = (ends[clip] - later).min()
        assert earliest < latest


@FEW
@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 300), st.integers(0, 9))
def test_by_time_is_by_frames_where_frames_are_steady(
    frames: int, stride: int, num_frames: int, begin: int
) -> None:
    for fps in (25.0, 30000 / 1001):
        video = TimedVideo.steady(num_frames, fps, float(begin))
        for short in ("repeat_last", "loop"):
            dense: list[Sampler] = [
                kf.DenseClips(frames, stride, short),
                kf.DenseClips(frames, seconds=stride / fps, short=short),
                kf.DenseClips(frames, fps=fps / stride, short=short),
            ]
            by_frames, by_seconds, by_rate = (sample(sampler, video) for sampler in dense)
            assert by_frames.tolist() == by_seconds.tolist() == by_rate.tolist()
            ends = sample(kf.UniformClips(frames, stride, 2, short), video)
            assert (
                sample(kf.UniformClips(frames, None, 2, short, fps=fps / stride), video).tolist()
                == ends.tolist()
            )


def test_rounded_timestamps_do_not_skip_frames() -> None:
    matroska = TimedVideo(tuple(round(k / 30, 3) for k in range(90)), 3.0, 30.0)
    assert kf.UniformClips(45, fps=30, clips=2)(matroska).tolist() == [[*range(45)], [*range(45, 90)]]
    assert kf.UniformClips(45, fps=15)(matroska).tolist() == [[*range(0, 90, 2)]]


@pytest.mark.parametrize("kind", SPACED)
@pytest.mark.parametrize(("short", "expected"), [("repeat_last", [0, 3, 6, 6, 6]), ("loop", [0, 3, 6, 1, 4])])
def test_short_videos_are_padded(kind: type[Any], short: Any, expected: list[int]) -> None:
    assert sample(kind(5, 3, short=short), 8).tolist() == [expected]
    assert sample(kind(5, fps=10, short=short), 8).tolist() == [expected]


@pytest.mark.parametrize("kind", [*SPACED, kf.SegmentFrames])
def test_a_video_of_one_frame_repeats_that_frame(kind: type[Any]) -> None:
    apart = {} if kind is kf.SegmentFrames else {"stride": 2}
    assert sample(kind(4, **apart), 1).tolist() == [[0, 0, 0, 0]]
    if apart:
        assert sample(kind(4, seconds=1.0, short="loop"), 1).tolist() == [[0, 0, 0, 0]]


@pytest.mark.parametrize("kind", SPACED)
def test_short_videos_can_be_an_error(kind: type[Any]) -> None:
    with pytest.raises(kf.FrameRangeError, match=r"13 frames does not fit into a video of 8; pass short="):
        sample(kind(5, 3, short="error"), 8)
    with pytest.raises(kf.FrameRangeError, match=r"0\.4 s does not fit into a video of 0\.266667 s"):
        sample(kind(5, seconds=0.1, short="error"), 8)
    assert sample(kind(3, 3, short="error"), 7).tolist() == [[0, 3, 6]]
    assert sample(kind(3, fps=10, short="error"), 7).tolist() == [[0, 3, 6]]


@pytest.mark.parametrize("apart", [{"stride": 2}, {"seconds": 0.1}, {}])
@pytest.mark.parametrize("kind", [*SPACED, kf.SegmentFrames])
def test_a_video_without_frames_is_an_error(kind: type[Any], apart: dict[str, Any]) -> None:
    if bool(apart) == (kind is kf.SegmentFrames):
        return
    with pytest.raises(kf.FrameRangeError, match="no frames to take a clip from"):
        sample(kind(4, **apart), TimedVideo((), 0.0, 25.0))


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: kf.RandomClips(16), TypeError, "got none"),
        (lambda: kf.RandomClips(16, 8, fps=5), TypeError, "got stride and fps"),
        (lambda: kf.UniformClips(0, 8), ValueError, "frames must be at least 1"),
        (lambda: kf.UniformClips(8, 0), ValueError, "stride must be at least 1"),
        (lambda: kf.UniformClips(8, 1, 0), ValueError, "clips must be at least 1"),
        (lambda: kf.DenseClips(8, fps=0), ValueError, "fps must be a finite number above 0"),
        (
            lambda: kf.DenseClips(8, seconds=float("nan")),
            ValueError,
            "seconds must be a finite number above 0",
        ),
        (lambda: kf.DenseClips(8, 1, "wrap"), ValueError, "repeat_last, loop, error"),  # type: ignore[arg-type]
        (lambda: kf.RandomClips(8.0, 1), TypeError, "must be an int"),  # type: ignore[arg-type]
        (lambda: kf.SegmentFrames(0), ValueError, "frames must be at least 1"),
        (lambda: FixedClips(kf.DenseClips(8, 1), 0), ValueError, "clips must be at least 1"),
        (lambda: kf.SegmentFrames(4, jitter=True)(TimedVideo.steady(9)), TypeError, "pass a generator"),
    ],
)
def test_bad_arguments_are_refused_with_the_reason(make: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize(
    "sampler",
    [
        kf.RandomClips(16, 8, clips=2),
        kf.UniformClips(8, fps=5),
        kf.DenseClips(8, 2),
        kf.SegmentFrames(8, True),
    ],
)
def test_samplers_compare_pickle_and_print_by_value(sampler: Any) -> None:
    again = pickle.loads(pickle.dumps(sampler))
    assert again == sampler
    assert hash(again) == hash(sampler)
    assert sample(again, 100).tolist() == sample(sampler, 100).tolist()
    assert eval(repr(sampler), vars(kf)) == sampler


def test_public_names_exist() -> None:
    assert {"RandomClips", "UniformClips", "SegmentFrames", "DenseClips", "conventions"} <= set(kf.__all__)


def test_numpy_numbers_are_accepted() -> None:
    sampler = kf.RandomClips(np.int64(4), np.int32(2))
    assert sampler == kf.RandomClips(4, 2)
    assert "frames=4, stride=2" in repr(sampler)
