"""A video loader for vLLM: ``VLLM_VIDEO_LOADER_BACKEND=kinetics_fast`` in the environment.

vLLM calls `register` in each of its processes, through the entry point ``vllm.general_plugins`` of this
package.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

import kinetics_fast as kf
from kinetics_fast.compat.frames import decode
from kinetics_fast.compat.reading import open_video

__all__ = ["load_bytes", "register"]

_NAME = "kinetics_fast"


def register() -> None:
    """Add the loader ``"kinetics_fast"`` to ``vllm.multimodal.video.VIDEO_LOADER_REGISTRY``.

    vLLM calls this function itself. Set ``VLLM_VIDEO_LOADER_BACKEND=kinetics_fast`` to use the loader.

    Raises
    ------
    ImportError
        vLLM is not installed, or has no registry of video loaders.

    Examples
    --------
    >>> import kinetics_fast.compat.vllm
    >>> kinetics_fast.compat.vllm.register()  # doctest: +SKIP
    """
    from vllm.multimodal import video

    # Newer versions choose the frames in a class that is separate from decoding; models derive from that
    # class.
    base: Any = getattr(video, "VideoBackend", video.VideoLoader)

    class KineticsFastVideoLoader(base):  # type: ignore[misc]
        """Loads videos with kinetics_fast."""

        @classmethod
        def load_bytes(
            cls, data: bytes, num_frames: int = -1, fps: float = -1, **kwargs: Any
        ) -> tuple[npt.NDArray[np.uint8], dict[str, Any]]:
            """Decode the frames that vLLM's default sampling chooses."""
            return load_bytes(data, num_frames, fps, **kwargs)

    video.VIDEO_LOADER_REGISTRY.register(_NAME)(KineticsFastVideoLoader)


def load_bytes(
    data: bytes, num_frames: int = -1, fps: float = -1, **_: Any
) -> tuple[npt.NDArray[np.uint8], dict[str, Any]]:
    """Decode evenly spread frames of a video.

    Parameters
    ----------
    data : bytes
        The file.
    num_frames : int
        Largest number of frames; -1 means all.
    fps : float
        Largest number of frames per second of video; -1 means all.
    **_
        Other arguments of vLLM's loaders, such as ``max_duration`` and ``frame_recovery``, have no effect.

    Returns
    -------
    frames : ndarray of uint8, shape (T, H, W, 3)
        RGB.
    metadata : dict
        ``total_num_frames``, ``fps``, ``duration``, ``video_backend``, ``frames_indices`` and
        ``do_sample_frames``.

    Raises
    ------
    ValueError
        The bytes are not a video, or a frame does not decode.

    Examples
    --------
    >>> from pathlib import Path
    >>> frames, metadata = load_bytes(Path("abseiling.mp4").read_bytes(), num_frames=8)
    >>> frames.shape
    (8, 256, 454, 3)
    >>> metadata["frames_indices"]
    [0, 35, 71, 106, 142, 177, 213, 249]
    """
    video = open_video(data)
    indices = _indices(video, num_frames, fps)
    metadata = {
        "total_num_frames": len(video),
        "fps": video.fps,
        "duration": video.duration,
        "video_backend": _NAME,
        "frames_indices": indices,
        "do_sample_frames": len(indices) == len(video),
    }
    return decode(video, indices), metadata


def _indices(video: kf.Video, num_frames: int, fps: float) -> list[int]:
    """Return the frames of vLLM's default sampling."""
    count = len(video)
    if num_frames > 0:
        count = min(num_frames, count)
    if fps > 0:
        count = min(count, math.floor(video.duration * fps))
    indices: list[int] = np.linspace(0, len(video) - 1, max(count, 1), dtype=int).tolist()
    return indices
