"""Each convention takes the same frames as the project that it is named after, and refuses bad arguments."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kinetics_fast as kf
from kinetics_fast import conventions
from kinetics_fast.samplers import FixedClips
from support.sampled import Recorded, TimedVideo

if TYPE_CHECKING:
    from kinetics_fast.samplers import SampledVideo, Sampler
    from kinetics_fast.samplers.protocols import Indices

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "conventions.json").read_text())
NAMES = sorted({row[0] for row in GOLDEN["rows"]})
EXAMPLES: list[Sampler] = [
    conventions.I3DNoteTest(),
    conventions.PySlowFastTrain(),
    conventions.PySlowFastTest(8, 8),
    conventions.MMAction2SampleFrames(8, 8, 3),
    conventions.MMAction2SampleFrames(1, 1, 4, twice_sample=True, test_mode=True),
    conventions.MMAction2DenseSampleFrames(4, 8, 2, test_mode=True, num_sample_positions=3),
    conventions.MMAction2UniformSampleFrames(16, 2),
    conventions.PyTorchVideoRandom(1.0, 8, num_clips=2),
    conventions.PyTorchVideoConstantClipsPerVideo(1.0, 4, 8, augs_per_clip=2),
    FixedClips(conventions.PyTorchVideoUniform(1.0, 8), 5),
    conventions.VideoMAETrain(),
    conventions.VideoMAETest(),
    conventions.VideoMAEPretrain(),
    conventions.TorchCodecRandomIndices(3, 8, 4),
    conventions.TorchCodecRegularIndices(5, 8, 4),
    conventions.TorchCodecRandomTimestamps(2, 4, 0.001),
    FixedClips(conventions.TorchCodecRegularTimestamps(0.1, 4, 0.001), 3),
]


def sample(sampler: Sampler, video: SampledVideo, rng: Recorded | np.random.Generator) -> Indices:
    return sampler(video, cast("np.random.Generator", rng))


@pytest.mark.parametrize("name", NAMES)
def test_frames_equal_those_of_the_peer_for_the_same_random_numbers(name: str) -> None:
    rows = [row for row in GOLDEN["rows"] if row[0] == name]
    for _, arguments, video, seed, clips in rows:
        num_frames, rate, ticks, uneven = GOLDEN["videos"][video]
        shown = TimedVideo.in_ticks(num_frames, tuple(rate), ticks, uneven)
        sampler = getattr(conventions, name)(**arguments)
        assert sample(sampler, shown, Recorded(seed)).tolist() == clips, (arguments, video, seed)


def test_every_convention_has_expected_frames() -> None:
    assert {*NAMES, "I3DNoteTest"} == set(conventions.__all__)


@pytest.mark.parametrize(
    ("num_frames", "starts"),
    [
        (300, [0, 38, 76, 114, 153, 191, 229, 268]),  # 268 * k / 7 = 38.29, 76.57, 114.86, 153.14, ...
        (250, [0, 31, 62, 93, 124, 155, 186, 218]),
        (39, [0, 1, 2, 3, 4, 5, 6, 7]),
        (32, [0] * 8),
    ],
)
def test_i3d_note_worked_by_hand(num_frames: int, starts: list[int]) -> None:
    clips = conventions.I3DNoteTest()(TimedVideo.steady(num_frames))
    assert clips[:, 0].tolist() == starts
    assert (np.diff(clips) == 1).all()


def test_i3d_note_plays_a_short_video_again() -> None:
    clips = conventions.I3DNoteTest(frames=6, clips=2)(TimedVideo.steady(4))
    assert clips.tolist() == [[0, 1, 2, 3, 0, 1]] * 2


def test_slowfast_10_views_worked_by_hand() -> None:
    clips = conventions.PySlowFastTest()(TimedVideo.steady(300, 30.0))
    # 172 starts are free; view k starts at the first frame at or after 17.2 * k.
    assert clips[:, 0].tolist() == [0, 18, 35, 52, 69, 86, 104, 121, 138, 155]
    assert clips[0].tolist() == [0, 8, 16, 25, 33, 42, 50, 59, 67, 76, 84, 93, 101, 110, 118, 127]
    assert clips.max() < 299 - 16  # the views never reach the end


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(1, 400), st.sampled_from([12.5, 24.0, 25.0, 30000 / 1001, 30.0, 60.0]), st.integers(0, 99))
@pytest.mark.parametrize("sampler", EXAMPLES, ids=lambda sampler: type(sampler).__name__)
def test_clips_have_their_shape_and_are_in_range(
    sampler: Sampler, num_frames: int, fps: float, seed: int
) -> None:
    video = TimedVideo.steady(num_frames, fps, begin=0.1)
    clips = sample(sampler, video, np.random.default_rng(seed))
    assert clips.shape == (sampler.clips, sampler.frames)
    assert clips.dtype == np.int64
    assert clips.min() >= 0
    assert clips.max() < num_frames
    assert (clips == sample(sampler, video, np.random.default_rng(seed))).all()


@pytest.mark.parametrize("sampler", EXAMPLES, ids=lambda sampler: type(sampler).__name__)
def test_conventions_compare_and_pickle_by_value_and_refuse_a_video_without_frames(sampler: Any) -> None:
    assert pickle.loads(pickle.dumps(sampler)) == sampler
    assert hash(sampler) == hash(pickle.loads(pickle.dumps(sampler)))
    with pytest.raises(kf.FrameRangeError, match="no frames"):
        sample(sampler, TimedVideo((), 0.0, 25.0), np.random.default_rng(0))


@pytest.mark.parametrize(
    "sampler", [conventions.PyTorchVideoUniform(1.0, 8), conventions.TorchCodecRegularTimestamps(1.0)]
)
def test_a_varying_number_of_clips_is_reported(sampler: Sampler) -> None:
    with pytest.raises(ValueError, match=r"depends on the video.*FixedClips"):
        _ = sampler.clips


def test_mmaction2_testing_is_the_same_for_every_generator_and_call() -> None:
    sampler = conventions.MMAction2UniformSampleFrames(8, test_mode=True)
    first = sampler(TimedVideo.steady(100))
    expected = first.copy()
    first[:] = -1
    assert (sampler(TimedVideo.steady(100), np.random.default_rng(1)) == expected).all()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: conventions.I3DNoteTest(frames=0), "frames must be at least 1"),
        (lambda: conventions.PySlowFastTrain(target_fps=0), "target_fps must be above 0"),
        (lambda: conventions.MMAction2SampleFrames(8, out_of_bound_opt="wrap"), "loop or repeat_last"),  # type: ignore[arg-type]
        (lambda: conventions.MMAction2SampleFrames(8, target_fps=-1), "target_fps must be above 0"),
        (
            lambda: conventions.MMAction2SampleFrames(8, twice_sample=True, test_mode=True),
            "num_clips must be at least 2",
        ),
        (
            lambda: conventions.MMAction2SampleFrames(8, 4, 3, temporal_jitter=True, target_fps=30),
            "temporal_jitter with target_fps needs one clip",
        ),
        (
            lambda: conventions.MMAction2DenseSampleFrames(8, sample_range=0),
            "sample_range must be at least 1",
        ),
        (lambda: conventions.PyTorchVideoRandom(0.0, 8), "clip_duration must be a number of seconds"),
        (lambda: conventions.PyTorchVideoUniform(1.0, 8, stride=-1.0), "stride must be a number of seconds"),
        (lambda: conventions.VideoMAETest(test_num_segment=1), "divides by zero"),
        (lambda: conventions.TorchCodecRandomIndices(policy="loop"), "repeat_last, wrap, error"),  # type: ignore[arg-type]
        (
            lambda: conventions.TorchCodecRegularTimestamps(0.0),
            "seconds_between_clip_starts must be a finite number",
        ),
        (
            lambda: conventions.TorchCodecRandomTimestamps(seconds_between_frames=-1),
            "must be a finite number above 0",
        ),
    ],
)
def test_bad_arguments_are_refused_with_the_reason(make: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize(
    "sampler",
    [
        conventions.TorchCodecRandomIndices(1, 20, sampling_range_start=5),
        conventions.TorchCodecRandomIndices(1, 20, sampling_range_start=-30),
        conventions.TorchCodecRegularIndices(1, 20, 1, 15, 100, policy="error"),
        conventions.TorchCodecRandomTimestamps(1, 20, 0.1),
        conventions.TorchCodecRegularTimestamps(0.1, sampling_range_start=4.0),
    ],
)  # fmt: skip
def test_torchcodec_refuses_ranges_that_no_clip_can_start_in(sampler: Sampler) -> None:
    with pytest.raises(kf.FrameRangeError):
        sample(sampler, TimedVideo.steady(20), np.random.default_rng(0))


def test_pytorchvideo_says_where_no_frame_begins() -> None:
    video = TimedVideo((0.0, 0.04, 9.0), 9.04, 25.0)
    with pytest.raises(kf.FrameRangeError, match=r"no frame begins between 4\.02 and 5\.02 s"):
        conventions.PyTorchVideoConstantClipsPerVideo(1.0, 3, 4)(video)


@pytest.mark.parametrize(
    "sampler",
    [
        conventions.MMAction2SampleFrames(8),
        conventions.MMAction2DenseSampleFrames(8, temporal_jitter=True, test_mode=True),
        conventions.MMAction2UniformSampleFrames(8),
    ],
)
def test_mmaction2_asks_for_a_generator_where_it_draws(sampler: Any) -> None:
    with pytest.raises(TypeError, match="pass a generator"):
        sampler(TimedVideo.steady(50))
