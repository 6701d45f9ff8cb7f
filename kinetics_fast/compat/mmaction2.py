"""Transforms for the pipelines of mmaction2, registered when this module is imported.

In a config: ``custom_imports = dict(imports=["kinetics_fast.compat.mmaction2"])``, and in its pipelines
``KineticsFastInit`` for ``DecordInit`` and ``KineticsFastDecode`` for ``DecordDecode``. The fastest pipeline
decodes,
resizes, crops and flips in one transform: `KineticsFastDecodeResizeCrop`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.frames import decode, decode_views
from kinetics_fast.compat.reading import open_video

if TYPE_CHECKING:
    from typing import Literal

__all__ = ["KineticsFastDecode", "KineticsFastDecodeResizeCrop", "KineticsFastInit"]

Results = dict[str, Any]
_CROPS = (kf.CenterCrop, kf.RandomCrop, kf.RandomResizedCrop, kf.Resize, kf.ThreeCrop)


@dataclass(frozen=True)
class _Reader:
    """What the first transform hands to the second as ``video_reader``."""

    video: kf.Video
    threads: int | None


class KineticsFastInit:
    """Opens the video of a sample, as ``DecordInit`` does.

    Needs ``filename``. Adds ``video_reader``, ``total_frames`` and ``avg_fps``.

    Parameters
    ----------
    io_backend : str
        ``"disk"`` reads the file by its path; only the bytes of the needed frames are read. Another backend
        of mmengine's FileClient reads the whole file.
    num_threads : int
        Threads that decode; 0 means all CPUs of the process.
    **kwargs
        Arguments of the FileClient.

    Examples
    --------
    >>> results = KineticsFastInit()({"filename": "abseiling.mp4"})
    >>> results["total_frames"], results["avg_fps"]
    (250, 25.0)
    """

    def __init__(self, io_backend: str = "disk", num_threads: int = 1, **kwargs: Any) -> None:
        self.io_backend = io_backend
        self.num_threads = num_threads
        self.kwargs = kwargs
        self._client: Any = None

    def __call__(self, results: Results) -> Results:
        """Open the video."""
        name = str(results["filename"])
        video = open_video(self._source(name if PurePath(name).suffix else f"{name}.mp4"))
        results["video_reader"] = _Reader(video, self.num_threads or None)
        results["total_frames"] = len(video)
        results["avg_fps"] = video.fps
        return results

    def _source(self, name: str) -> str | bytes:
        if self.io_backend == "disk":
            return name
        if self._client is None:
            from mmengine.fileio import FileClient

            self._client = FileClient(self.io_backend, **self.kwargs)
        content: bytes = self._client.get(name)
        return content

    def __repr__(self) -> str:
        return f"KineticsFastInit(io_backend={self.io_backend}, num_threads={self.num_threads})"


class KineticsFastDecode:
    """Decodes the frames of a sample, as ``DecordDecode`` does.

    Needs ``video_reader`` and ``frame_inds``. Adds ``imgs``, a list of uint8 RGB arrays (H, W, 3),
    ``original_shape`` and ``img_shape``. Scales ``gt_bboxes`` and ``proposals`` to pixels.

    Parameters
    ----------
    mode : {"accurate", "efficient"}
        ``efficient`` takes the last key frame at or before each frame.

    Examples
    --------
    >>> results = KineticsFastInit()({"filename": "abseiling.mp4"})
    >>> results = KineticsFastDecode()({**results, "frame_inds": np.array([[0, 8, 16]])})
    >>> len(results["imgs"]), results["img_shape"]
    (3, (256, 454))
    """

    def __init__(self, mode: Literal["accurate", "efficient"] = "accurate") -> None:
        if mode not in ("accurate", "efficient"):
            raise ValueError(f"mode must be 'accurate' or 'efficient', got {mode!r}")
        self.mode = mode

    def __call__(self, results: Results) -> Results:
        """Decode the frames."""
        reader = results["video_reader"]
        results["frame_inds"] = numbers = results["frame_inds"].reshape(-1)
        if self.mode == "efficient":
            keys = reader.video.keyframes
            numbers = keys[np.maximum(keys.searchsorted(numbers, "right") - 1, 0)]
        imgs = list(decode(reader.video, numbers.tolist(), reader.threads))
        results["video_reader"] = None
        results["imgs"] = imgs
        results["original_shape"] = results["img_shape"] = imgs[0].shape[:2]
        if "gt_bboxes" in results:
            height, width = results["img_shape"]
            for name in ("gt_bboxes", "proposals"):
                if results.get(name) is not None:
                    results[name] = (results[name] * np.array([width, height] * 2)).astype(np.float32)
        return results

    def __repr__(self) -> str:
        return f"KineticsFastDecode(mode={self.mode})"


class KineticsFastDecodeResizeCrop:
    """Decodes, resizes, crops and flips in one pass.

    Stands for ``DecordDecode``, ``Resize``, a crop, a second ``Resize`` and ``Flip``. Only the pixels of the
    crop are converted, at the output size. Needs ``video_reader`` and ``frame_inds``. Adds ``imgs``,
    ``original_shape``, ``img_shape``, ``crop_quadruple`` (of a single crop), ``flip`` and ``flip_direction``.
    Several crops, as of ``ThreeCrop``, follow one another in ``imgs``. Boxes of persons are not supported.

    Parameters
    ----------
    crop : dict or callable
        A crop of kinetics_fast, or a dict of its class name in ``type`` and its arguments, such as
        ``dict(type="RandomResizedCrop", size=224)`` or ``dict(type="ThreeCrop", size=256, short_side=256)``.
        The crops CenterCrop, RandomCrop and ThreeCrop of a dict round as mmaction2 does.
    flip_ratio : float
        Probability that the sample is mirrored.

    Examples
    --------
    >>> decode = KineticsFastDecodeResizeCrop(dict(type="CenterCrop", size=224, short_side=256))
    >>> results = KineticsFastInit()({"filename": "abseiling.mp4"})
    >>> decode({**results, "frame_inds": np.array([0, 8, 16])})["imgs"][2].shape
    (224, 224, 3)
    """

    def __init__(self, crop: Any, flip_ratio: float = 0.0) -> None:
        self.crop: Any = _crop_of(crop) if isinstance(crop, Mapping) else crop
        self.flip_ratio = flip_ratio

    def __call__(self, results: Results) -> Results:
        """Decode the frames."""
        if "gt_bboxes" in results:
            raise ValueError("KineticsFastDecodeResizeCrop does not move gt_bboxes; use KineticsFastDecode")
        reader = results["video_reader"]
        video: kf.Video = reader.video
        numbers = results["frame_inds"] = results["frame_inds"].reshape(-1)
        # mmengine seeds NumPy's global generator in each worker.
        boxes = self.crop(video.width, video.height, np.random.default_rng(np.random.randint(1 << 31)))  # noqa: NPY002
        if isinstance(self.crop, kf.ThreeCrop):
            boxes = boxes[[0, 2, 1]]  # mmaction2's order: the middle comes last
        flip = bool(np.random.rand() < self.flip_ratio)  # noqa: NPY002
        clips = [kf.Clip(video, indices=numbers.tolist(), box=box, flip=flip) for box in boxes]
        views = decode_views(clips, reader.threads, size=self.crop.size)
        results["video_reader"] = None
        results["imgs"] = [img for view in views for img in view]
        results["original_shape"] = (video.height, video.width)
        results["img_shape"] = self.crop.size
        results["flip"], results["flip_direction"] = flip, "horizontal"
        if len(boxes) == 1:
            results["crop_quadruple"] = _relative(boxes[0], video)
        return results

    def __repr__(self) -> str:
        return f"KineticsFastDecodeResizeCrop(crop={self.crop}, flip_ratio={self.flip_ratio})"


def _relative(box: npt.NDArray[np.float64], video: kf.Video) -> npt.NDArray[np.float32]:
    """Return a box as mmaction2's quadruple of fractions: x, y, width, height."""
    fractions: npt.NDArray[np.float32] = (box / np.array([video.width, video.height] * 2)).astype(np.float32)
    return fractions


def _crop_of(config: Mapping[str, Any]) -> Any:
    crops = {crop.__name__: crop for crop in _CROPS}
    arguments = dict(config)
    kind = arguments.pop("type", None)
    if kind not in crops:
        raise ValueError(f"crop['type'] must be one of {', '.join(crops)}, got {kind!r}")
    if kind in ("CenterCrop", "RandomCrop", "ThreeCrop"):
        arguments.setdefault("convention", "mmaction2")
    for name in ("size", "short_side"):  # configs hold lists where Python has tuples
        if isinstance(arguments.get(name), list):
            arguments[name] = tuple(arguments[name])
    return crops[kind](**arguments)


def _register() -> None:
    from mmaction.registry import TRANSFORMS

    for transform in (KineticsFastInit, KineticsFastDecode, KineticsFastDecodeResizeCrop):
        TRANSFORMS.register_module(module=transform, force=True)


if find_spec("mmaction") is not None:
    _register()
