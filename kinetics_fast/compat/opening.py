"""Opening a video as other readers do."""

from __future__ import annotations

import os
from typing import Any

import kinetics_fast as kf


def open_video(source: Any) -> kf.Video:
    """Open a video. A path is made absolute, so that a later change of the working directory does no harm."""
    if isinstance(source, (str, os.PathLike)):
        source = os.path.abspath(os.fspath(source))  # noqa: PTH100 - pathlib would not keep `a/../b` apart
    return kf.Video(source)
