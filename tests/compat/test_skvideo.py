"""The drop-in for scikit-video."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.compat.skvideo import vread, vreader
from support.smooth import smooth_video

pytestmark = pytest.mark.ffmpeg


@pytest.mark.parametrize(("number", "expected"), [(0, 60), (7, 7), (100, 60)])
@pytest.mark.parametrize("grey", [False, True])
def test_both_functions_give_the_frames_from_the_start(number: int, expected: int, grey: bool) -> None:
    path = smooth_video()
    wanted = kf.Video(path).frames(range(expected), color="gray" if grey else "rgb")
    assert wanted.shape == (expected, 120, 160, 1 if grey else 3)
    assert np.array_equal(vread(str(path), num_frames=number, as_grey=grey), wanted)
    assert np.array_equal(np.stack(list(vreader(str(path), num_frames=number, as_grey=grey))), wanted)


@pytest.mark.parametrize("options", [{"height": 4, "width": 4}, {"inputdict": {"-r": "5"}},
                                     {"outputdict": {"-pix_fmt": "gray"}}])  # fmt: skip
def test_options_of_a_command_are_refused(options: dict[str, Any]) -> None:
    for function in (vread, vreader):
        with pytest.raises(ValueError, match="must be empty"):
            function(str(smooth_video()), **options)


def test_a_missing_file_is_an_error_at_once(tmp_path: Path) -> None:
    for function in (vread, vreader):
        with pytest.raises(FileNotFoundError):
            function(tmp_path / "missing.mp4")
