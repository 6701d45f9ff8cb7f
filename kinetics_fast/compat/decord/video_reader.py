"""`VideoReader`, the reader of decord."""

from __future__ import annotations

from typing import Any

import numpy as np

import kinetics_fast as kf


class VideoReader:
    """A video."""

    def __init__(self, uri: Any) -> None:
        self._video = kf.Video(uri)

    def __len__(self) -> int:
        return len(self._video)

    def get_batch(self, indices: Any) -> Any:
        """Decode frames."""
        return self._video.frames(np.array(indices, np.int64))
