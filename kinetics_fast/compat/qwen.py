"""A video reader for qwen_vl_utils that decodes straight to the size that the model asks for."""

from __future__ import annotations

from typing import Any

from kinetics_fast.compat.frames import decode
from kinetics_fast.compat.reading import open_video

__all__ = ["register"]

_NAME = "kinetics_fast"


def register(image_patch_size: int = 14) -> None:
    """Make kinetics_fast the video reader of ``qwen_vl_utils.process_vision_info`` and ``fetch_video``.

    The frames and their number are those of the other readers of qwen_vl_utils. They are decoded at the size
    that ``fetch_video`` would resize them to. Its resize then has nothing left to do.

    Parameters
    ----------
    image_patch_size : int
        The value that you pass to ``process_vision_info``: 14 for Qwen2-VL and Qwen2.5-VL, 16 for Qwen3-VL.
        With another value, the frames are right, but are resized twice.

    Raises
    ------
    ImportError
        qwen_vl_utils is not installed.

    Examples
    --------
    >>> import kinetics_fast.compat.qwen
    >>> kinetics_fast.compat.qwen.register()  # doctest: +SKIP
    """
    from qwen_vl_utils import vision_process

    def read(ele: dict[str, Any]) -> tuple[Any, dict[str, Any], float]:
        return _read_video(vision_process, ele, image_patch_size)

    vision_process.VIDEO_READER_BACKENDS[_NAME] = read
    vision_process.FORCE_QWENVL_VIDEO_READER = _NAME
    vision_process.get_video_reader_backend.cache_clear()


def _read_video(
    vision_process: Any, ele: dict[str, Any], image_patch_size: int
) -> tuple[Any, dict[str, Any], float]:
    """Return frames as a uint8 tensor (T, C, H, W), metadata, and the frames per second of the sample."""
    import torch

    path = ele["video"]
    video = open_video(path.removeprefix("file://") if isinstance(path, str) else path)
    start, end, total = vision_process.calculate_video_frame_range(ele, len(video), video.fps)
    count = vision_process.smart_nframes(ele, total_frames=total, video_fps=video.fps)
    indices = torch.linspace(start, end, count).round().long().tolist()
    size = _size(vision_process, ele, count, video.height, video.width, image_patch_size)
    frames = decode(video, indices, size=size, layout="TCHW", interpolation="bicubic")
    metadata = {
        "fps": video.fps,
        "frames_indices": indices,
        "total_num_frames": total,
        "video_backend": _NAME,
    }
    return torch.from_numpy(frames), metadata, count / total * video.fps


def _size(
    vision_process: Any, ele: dict[str, Any], count: int, height: int, width: int, image_patch_size: int
) -> tuple[int, int]:
    """Return the (height, width) that ``fetch_video`` resizes the frames to."""
    factor = image_patch_size * vision_process.SPATIAL_MERGE_SIZE
    if "resized_height" in ele and "resized_width" in ele:
        sides = vision_process.smart_resize(ele["resized_height"], ele["resized_width"], factor=factor)
        return int(sides[0]), int(sides[1])
    patch = factor * factor
    least = ele.get("min_pixels", vision_process.VIDEO_MIN_TOKEN_NUM * patch)
    total = ele.get("total_pixels", vision_process.MODEL_SEQ_LEN * patch * 0.9)
    share = min(vision_process.VIDEO_MAX_TOKEN_NUM * patch, total / count * vision_process.FRAME_FACTOR)
    limit = max(share, int(least * 1.05))
    most = min(ele.get("max_pixels", limit), limit)
    sides = vision_process.smart_resize(height, width, factor=factor, min_pixels=least, max_pixels=most)
    return int(sides[0]), int(sides[1])
