"""Runs the samplers of other projects from their sources, on videos that are only frame times.

The global random generator of a peer is replaced by a recorded series, and a decoded frame is its number.
Each function returns the frame numbers of one video, one list per clip.
"""

from __future__ import annotations

import math
import os
import types
import typing
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import torch

from golden.definitions import definitions
from support.sampled import Recorded, TimedVideo

Clips = list[list[int]]


class Video:
    """A video as a container stores it, with pts in ticks."""

    def __init__(self, num_frames: int, rate: tuple[int, int], ticks: int, uneven: bool) -> None:
        bounds = TimedVideo.bounds(num_frames, rate, ticks, uneven)
        self.pts, self.end, self.ticks = bounds[:-1], int(bounds[-1]), ticks
        self.fps = rate[0] / rate[1]

    def __len__(self) -> int:
        return len(self.pts)


def _numpy(rng: Recorded) -> Any:
    """Return a numpy module whose numpy.random draws from `rng`."""

    def randint(low: Any, high: Any = None, size: Any = None) -> Any:
        return rng.integers(0, low, size) if high is None else rng.integers(low, high, size)

    replaced = types.SimpleNamespace(uniform=rng.uniform, randint=randint, choice=rng.choice)
    return types.SimpleNamespace(**{**vars(np), "random": replaced})


def mmaction2(folder: Path, name: str, arguments: dict[str, Any], video: Video, rng: Recorded) -> Clips:
    transforms = folder / "mmaction/datasets/transforms"
    seeded = name == "UniformSampleFrames" and arguments.get("test_mode")
    scope = {"BaseTransform": object, "np": np if seeded else _numpy(rng)}
    if name == "UniformSampleFrames":
        peer = definitions(transforms / "pose_transforms.py", [name], scope)[name](**arguments)
    else:
        names = ["SampleFrames", "DenseSampleFrames"]
        peer = definitions(transforms / "loading.py", names, scope)[name](**arguments)
    results = {"total_frames": len(video), "start_index": 0, "avg_fps": video.fps}
    indices = peer.transform(results)["frame_inds"]
    clips: Clips = indices.reshape(-1, peer.clip_len).tolist()
    return clips


def pyslowfast(folder: Path, name: str, arguments: dict[str, Any], video: Video, rng: Recorded) -> Clips:
    names = ["temporal_sampling", "get_start_end_idx", "get_multiple_start_end_idx", "torchvision_decode"]
    scope = {
        "np": np, "torch": torch, "math": math, "random": rng, "io": _TorchvisionIO(video),
        "logger": types.SimpleNamespace(info=print), "print": print,
    }  # fmt: skip
    decode = definitions(folder / "slowfast/datasets/decoder.py", [*names, "decode"], scope)["decode"]
    views = arguments.get("num_ensemble_views", 10)
    clips = []
    for view in range(views) if name == "test" else [-1]:
        frames, _, _ = decode(
            b"\0", [arguments.get("sampling_rate", 8)], [arguments.get("num_frames", 16)], view, views, {},
            arguments.get("target_fps", 30), "torchvision", use_offset=arguments.get("use_offset", False),
        )  # fmt: skip
        clips.append(frames[0][:, 0].tolist())
    return clips


class _TorchvisionIO:
    """Replaces torchvision.io; the reader keeps the frames from the first to the last pts, both included."""

    def __init__(self, video: Video) -> None:
        self.video = video

    def _probe_video_from_memory(self, _: object) -> Any:
        video = self.video
        silent = {
            "audio_timebase": Fraction(0),
            "has_audio": False,
            "audio_duration": 0,
            "audio_sample_rate": 0,
        }
        return types.SimpleNamespace(
            video_timebase=Fraction(1, video.ticks), has_video=True, video_duration=video.end / video.ticks,
            video_fps=video.fps, **silent,
        )  # fmt: skip

    def _read_video_from_memory(self, _: object, **options: Any) -> Any:
        low, high = options["video_pts_range"]
        kept = np.flatnonzero((self.video.pts >= low) & ((self.video.pts <= high) | (high <= 0)))
        return (torch.as_tensor(kept)[:, None] if len(kept) else torch.empty(0)), None


def pytorchvideo(folder: Path, name: str, arguments: dict[str, Any], video: Video, rng: Recorded) -> Clips:
    data, arguments = folder / "pytorchvideo/data", dict(arguments)
    names = ["ClipInfo", "ClipInfoList", "ClipSampler", "UniformClipSampler", "RandomClipSampler",
             "RandomMultiClipSampler", "ConstantClipsPerVideoSampler"]  # fmt: skip
    scope = {
        "NamedTuple": typing.NamedTuple,
        "random": rng,
        "Fraction": Fraction,
        "ABC": object,
        "abstractmethod": lambda f: f,
    }
    read = definitions(data / "encoded_video_pyav.py", ["_pyav_decode_stream"], {})
    times = definitions(data / "utils.py", ["secs_to_pts", "pts_to_secs"], {"math": math})
    functional = definitions(
        folder / "pytorchvideo/transforms/functional.py", ["uniform_temporal_subsample"], {"torch": torch}
    )
    frames = arguments.pop("frames")
    sampler = definitions(data / "clip_sampling.py", names, scope)[name](**arguments)
    base = Fraction(1, video.ticks)
    duration = times["pts_to_secs"](video.end, base, 0)
    bounds: list[tuple[Fraction, Fraction]] = []
    info, last_end = None, None
    while info is None or not np.all(info.is_last_clip):
        info = sampler(last_end, duration, {})
        last_end = info.clip_end_sec
        pairs = [info[:2]] if name != "RandomMultiClipSampler" else zip(*info[:2], strict=True)
        bounds.extend(pairs)
    clips = []
    for bound in bounds:
        low, high = (times["secs_to_pts"](second, base, 0, "ceil") for second in bound)
        kept, _ = read["_pyav_decode_stream"](_Container(video), low, high, None, {})
        numbers = torch.tensor([frame.number for frame in kept])[:, None, None]
        clips.append(functional["uniform_temporal_subsample"](numbers, frames).flatten().tolist())
    return clips


class _Container:
    """Replaces an open file of PyAV; a frame is its number."""

    def __init__(self, video: Video) -> None:
        self.video = video

    def seek(self, *_: object, **__: object) -> None: ...

    def decode(self, **_: object) -> Any:
        for number, pts in enumerate(self.video.pts.tolist()):
            yield types.SimpleNamespace(pts=pts, number=number)


def videomae(folder: Path, name: str, arguments: dict[str, Any], video: Video, rng: Recorded) -> Clips:
    path = folder / "kinetics.py"
    data = types.SimpleNamespace(Dataset=object)
    scope = {
        "np": _numpy(rng), "os": os, "cpu": lambda _: None, "VideoReader": lambda *_, **__: _Reader(video),
        "Dataset": object, "torch": types.SimpleNamespace(utils=types.SimpleNamespace(data=data)),
        "Image": types.SimpleNamespace(fromarray=_Picture),
    }  # fmt: skip
    found = definitions(path, ["VideoClsDataset", "VideoMAE"], scope)
    if name == "pretrain":
        peer = object.__new__(found["VideoMAE"])
        peer.new_length, peer.new_step = arguments.get("new_length", 16), arguments.get("new_step", 4)
        peer.skip_length, peer.num_segments, peer.temporal_jitter = peer.new_length * peer.new_step, 1, False
        starts, skips = peer._sample_train_indices(len(video))
        frames = peer._video_TSN_decord_batch_loader("", _Reader(video), len(video), starts, skips)
        return [[frame.number for frame in frames]]
    peer = object.__new__(found["VideoClsDataset"])
    peer.mode, peer.keep_aspect_ratio, peer.num_segment = name, True, 1
    peer.clip_len, peer.frame_sample_rate = (
        arguments.get("clip_len", 16),
        arguments.get("frame_sample_rate", 4),
    )
    if name == "train":
        return [peer.loadvideo_decord(str(path)).flatten().tolist()]
    peer.test_num_segment, peer.test_num_crop = arguments.get("test_num_segment", 5), 3
    peer.short_side_size = 1
    peer.data_resize = peer.data_transform = lambda frames: frames
    peer.test_seg = [(clip, 1) for clip in range(peer.test_num_segment)]
    peer.test_dataset = peer.test_label_array = [str(path)] * peer.test_num_segment
    return [peer[clip][0].flatten().tolist() for clip in range(peer.test_num_segment)]


class _Picture:
    """A picture of one pixel, which is the frame number."""

    def __init__(self, frame: Any) -> None:
        self.number = int(frame.flat[0])

    def convert(self, _: str) -> _Picture:
        return self


class _Reader:
    """Replaces decord's VideoReader; the only pixel of a frame is its number."""

    def __init__(self, video: Video) -> None:
        self.video = video

    def __len__(self) -> int:
        return len(self.video)

    def seek(self, _: int) -> None: ...

    def get_batch(self, indices: Any) -> Any:
        frames = np.array([range(len(self))[index] for index in indices]).reshape(-1, 1, 1, 1)
        return types.SimpleNamespace(asnumpy=lambda: frames)
