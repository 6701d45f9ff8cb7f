"""The cases for the samplers of other projects: videos, and arguments of each convention."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Arguments = dict[str, Any]
# number of frames, frames per second, ticks per second, whether the durations of frames vary
VIDEOS: dict[str, tuple[int, tuple[int, int], int, bool]] = {
    "10 s at 30": (300, (30, 1), 15360, False),
    "10 s at 25": (250, (25, 1), 12800, False),
    "10 s at 29.97": (299, (30000, 1001), 30000, False),
    "10 s at 60": (601, (60, 1), 15360, False),
    "uneven": (240, (24, 1), 12288, True),
    "short": (70, (30, 1), 15360, False),
    "shorter": (19, (15, 1), 15360, False),
    "one frame": (1, (25, 1), 12800, False),
}
LONG = ["10 s at 30", "10 s at 25", "10 s at 29.97", "10 s at 60", "uneven"]


@dataclass(frozen=True)
class Case:
    """A convention, its name in the peer, and its arguments, for every seed and video."""

    convention: str
    peer: str
    arguments: list[Arguments]
    seeds: int = 1
    videos: list[str] = field(default_factory=lambda: list(VIDEOS))


# fmt: off
TEST: Arguments = {"test_mode": True}
REPEAT: Arguments = {"out_of_bound_opt": "repeat_last"}
INDICES: list[Arguments] = [
    {"num_clips": 3, "num_frames_per_clip": 8, "num_indices_between_frames": 4},
    {"num_clips": 5, "num_frames_per_clip": 2, "sampling_range_start": -1, "sampling_range_end": 1000},
    {"num_clips": 3, "num_frames_per_clip": 5, "num_indices_between_frames": 2, "sampling_range_end": 1000,
     "policy": "wrap"},
]
TAIL: Arguments = {"sampling_range_end": 1000.0, "seconds_between_frames": 0.25, "num_frames_per_clip": 5}
CASES = [
    Case("PySlowFastTrain", "train", [
        {}, {"num_frames": 8}, {"num_frames": 32, "sampling_rate": 2}, {"num_frames": 1, "sampling_rate": 1},
    ], 2),
    Case("PySlowFastTest", "test", [
        {}, {"num_frames": 8, "num_ensemble_views": 3},
        {"num_frames": 16, "sampling_rate": 4, "num_ensemble_views": 5, "use_offset": True},
        {"num_ensemble_views": 1, "use_offset": True, "target_fps": 25},
    ]),
    Case("MMAction2SampleFrames", "SampleFrames", [
        {"clip_len": 32, "frame_interval": 2}, {"clip_len": 8, "frame_interval": 4, "num_clips": 3},
        {"clip_len": 1, "num_clips": 8}, {"clip_len": 1, "num_clips": 25, "temporal_jitter": True},
        {"clip_len": 8, "frame_interval": 8, "temporal_jitter": True, **REPEAT},
        {"clip_len": 4, "frame_interval": 4, "num_clips": 6, "keep_tail_frames": True},
        {"clip_len": 16, "frame_interval": 4, "target_fps": 30},
        {"clip_len": 8, "frame_interval": 8, "num_clips": 4, "target_fps": 30},
    ], 2),
    Case("MMAction2SampleFrames", "SampleFrames", [
        {"clip_len": 16, "frame_interval": 4, "num_clips": 7, **TEST},
        {"clip_len": 32, "frame_interval": 2, **TEST, **REPEAT},
        {"clip_len": 1, "num_clips": 8, "twice_sample": True, **TEST},
        {"clip_len": 8, "frame_interval": 8, "num_clips": 3, "twice_sample": True, **TEST},
        {"clip_len": 8, "frame_interval": 8, "num_clips": 4, "twice_sample": True, **TEST, **REPEAT},
        {"clip_len": 16, "frame_interval": 4, "num_clips": 5, "target_fps": 30, **TEST},
        {"clip_len": 16, "frame_interval": 4, "target_fps": 30, "temporal_jitter": True, **TEST},
    ]),
    Case("MMAction2DenseSampleFrames", "DenseSampleFrames", [
        {"clip_len": 1, "num_clips": 8}, {"clip_len": 8, "frame_interval": 8, **REPEAT},
        {"clip_len": 4, "frame_interval": 2, "num_clips": 3, "sample_range": 50, "temporal_jitter": True},
    ], 2),
    Case("MMAction2DenseSampleFrames", "DenseSampleFrames", [
        {"clip_len": 8, "frame_interval": 8, **TEST},
        {"clip_len": 1, "num_clips": 8, "num_sample_positions": 3, **TEST},
    ]),
    Case("MMAction2UniformSampleFrames", "UniformSampleFrames", [
        {"clip_len": 24}, {"clip_len": 12, "num_clips": 2}, {"clip_len": 48, "num_clips": 2},
    ], 2),
    Case("MMAction2UniformSampleFrames", "UniformSampleFrames", [
        {"clip_len": 24, "num_clips": 3, **TEST}, {"clip_len": 12, "seed": 1, **TEST},
        {"clip_len": 48, **TEST},
    ]),
    Case("PyTorchVideoRandom", "RandomClipSampler", [
        {"clip_duration": 2.0, "frames": 8}, {"clip_duration": 64 / 30, "frames": 32},
    ], 2),
    Case("PyTorchVideoRandom", "RandomMultiClipSampler", [
        {"clip_duration": 1.28, "frames": 16, "num_clips": 3},
    ]),
    Case("PyTorchVideoConstantClipsPerVideo", "ConstantClipsPerVideoSampler", [
        {"clip_duration": 64 / 30, "clips_per_video": 10, "frames": 8},
        {"clip_duration": 2.0, "clips_per_video": 3, "frames": 4, "augs_per_clip": 2},
        {"clip_duration": 2.0, "clips_per_video": 1, "frames": 4},
    ]),
    Case("PyTorchVideoUniform", "UniformClipSampler", [
        {"clip_duration": 2.0, "frames": 8}, {"clip_duration": 32 / 30, "frames": 8, "backpad_last": True},
        {"clip_duration": 64 / 30, "frames": 8, "stride": 0.7},
        {"clip_duration": 0.4, "frames": 4, "stride": 1.1},
        {"clip_duration": 32 / 30, "frames": 4, "stride": 16 / 30, "backpad_last": True},
    ]),
    Case("VideoMAETrain", "train", [{}, {"clip_len": 8, "frame_sample_rate": 8}], 2),
    Case("VideoMAETest", "test", [{}, {"clip_len": 8, "test_num_segment": 10}]),
    Case("VideoMAEPretrain", "pretrain", [{}, {"new_length": 8, "new_step": 1}], 2),
    Case("TorchCodecRandomIndices", "clips_at_random_indices", INDICES, 2),
    Case("TorchCodecRegularIndices", "clips_at_regular_indices", [
        *INDICES, {"num_clips": 1}, {"num_clips": 40, "sampling_range_end": 19},
    ]),
    Case("TorchCodecRandomTimestamps", "clips_at_random_timestamps", [
        {"num_clips": 3, "num_frames_per_clip": 8}, {"num_frames_per_clip": 4, "seconds_between_frames": 0.4},
        {"num_clips": 5, **TAIL}, {"num_clips": 5, "sampling_range_start": 4.0, "policy": "wrap", **TAIL},
    ], 2, LONG),
    Case("TorchCodecRegularTimestamps", "clips_at_regular_timestamps", [
        {"seconds_between_clip_starts": 1.5, "num_frames_per_clip": 8},
        {"seconds_between_clip_starts": 0.125, "num_frames_per_clip": 2, "sampling_range_start": 3.0,
         "sampling_range_end": 4.0},
        {"seconds_between_clip_starts": 2.0, **TAIL},
        {"seconds_between_clip_starts": 2.0, "policy": "wrap", **TAIL},
    ], 1, LONG),
]
