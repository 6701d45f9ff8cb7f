"""The public names, their signatures and the errors are the documented ones."""

from __future__ import annotations

import inspect
import pydoc
import re
import typing
from typing import TYPE_CHECKING, Any

import pytest

import kinetics_fast as kf
from kinetics_fast._decode.pixels import PixelArguments

if TYPE_CHECKING:
    from support.child import Child

NAMES = [
    "Video", "Clip", "FileRange", "FrameStatus", "decode_clips", "build_info",
    "Error", "OpenError", "UnsupportedError", "CorruptError", "FrameRangeError", "DecodeTimeout",
    "ResourceError",
]  # fmt: skip
BUILTINS = {
    "OpenError": OSError,
    "UnsupportedError": ValueError,
    "CorruptError": ValueError,
    "FrameRangeError": IndexError,
    "DecodeTimeout": TimeoutError,
    "ResourceError": OSError,
}
DECODE_CLIPS = {
    "size": None, "layout": "THWC", "dtype": "uint8", "color": "rgb", "mean": None, "std": None,
    "interpolation": "bilinear", "antialias": True, "out": None, "threads": None, "on_error": "raise",
    "timeout": None,
}  # fmt: skip
IMPORT = """
import sys
import numpy
before = set(sys.modules)
import kinetics_fast
new = {name.split(".")[0] for name in set(sys.modules) - before}
third = new - sys.stdlib_module_names
print(sorted(name for name in third if not name.lstrip("_").startswith(("kinetics_fast", "numpy"))))
"""


def parameters(function: Any) -> dict[str, Any]:
    signature = inspect.signature(function)
    return {name: parameter.default for name, parameter in signature.parameters.items()}


@pytest.mark.parametrize("name", NAMES)
def test_public_names_exist(name: str) -> None:
    assert hasattr(kf, name)
    assert name in kf.__all__


@pytest.mark.parametrize("name", BUILTINS)
def test_errors_are_also_the_builtin_they_resemble(name: str) -> None:
    error = getattr(kf, name)
    assert issubclass(error, kf.Error)
    assert issubclass(error, BUILTINS[name])
    assert issubclass(kf.Error, Exception)


def test_decode_clips_takes_the_promised_arguments() -> None:
    given = parameters(kf.decode_clips)
    assert next(iter(given)) == "clips"
    assert {name: given[name] for name in DECODE_CLIPS} == DECODE_CLIPS


def test_video_takes_a_source_and_max_pixels() -> None:
    assert list(parameters(kf.Video))[:2] == ["source", "max_pixels"]


def test_frames_take_the_pixel_arguments_of_decode_clips() -> None:
    names = ["size", "layout", "dtype", "color", "mean", "std", "interpolation", "antialias"]
    given = parameters(kf.Video.frames)
    assert list(given) == ["self", "indices", *names]
    assert {name: given[name] for name in names} == {name: DECODE_CLIPS[name] for name in names}
    assert list(PixelArguments.__annotations__) == names


def test_clip_takes_a_window_or_indices_and_a_view() -> None:
    given = parameters(kf.Clip)
    assert next(iter(given)) == "source"
    assert {"start", "frames", "stride", "indices", "box", "flip"} <= set(given)
    assert (given["stride"], given["box"], given["flip"]) == (1, None, False)


def test_file_range_takes_path_offset_and_size() -> None:
    assert list(parameters(kf.FileRange)) == ["path", "offset", "size"]


@pytest.mark.parametrize(
    "name",
    ["width", "height", "fps", "duration", "codec", "pixel_format", "rotation", "timestamps", "keyframes",
     "pts", "time_base", "frames", "frames_at", "frames_between", "planes", "__len__", "__getitem__"],
)  # fmt: skip
def test_video_has_the_promised_members(name: str) -> None:
    assert hasattr(kf.Video, name)


def test_clips_and_ranges_compare_pickle_and_print_by_value() -> None:
    import pickle

    clip = kf.Clip("a.mp4", start=1, frames=4, stride=2, box=(0, 0, 10, 10), flip=True)
    assert pickle.loads(pickle.dumps(clip)) == clip
    assert kf.Clip("a.mp4", start=1, frames=4) == kf.Clip("a.mp4", start=1, frames=4)
    assert kf.Clip("a.mp4", start=1, frames=4) != kf.Clip("a.mp4", start=2, frames=4)
    source = kf.FileRange("a.tar", 512, 1000)
    assert pickle.loads(pickle.dumps(source)) == source
    assert "a.mp4" in repr(clip)


def test_errors_survive_pickling() -> None:
    import pickle

    with pytest.raises(kf.OpenError) as caught:
        kf.Video("missing.mp4")
    error = pickle.loads(pickle.dumps(caught.value))
    assert type(error) is type(caught.value)
    assert isinstance(error, kf.OpenError)
    assert (error.path, error.frame, error.stage, error.detail) == (
        "missing.mp4",
        None,
        "open",
        caught.value.detail,
    )
    assert str(error) == str(caught.value)


def test_import_needs_numpy_alone(child: Child) -> None:
    assert child(IMPORT) == "[]\n"


def test_the_build_is_lgpl_and_has_assembly() -> None:
    info = kf.build_info()
    assert "LGPL" in str(info)
    assert not {"--enable-gpl", "--enable-nonfree"} & set(str(info).split())


def test_signatures_in_help_are_readable() -> None:
    for name in kf.__all__:
        public = getattr(kf, name)
        if inspect.isclass(public) or inspect.isfunction(public):
            shown = pydoc.plain(pydoc.render_doc(public)).splitlines()
            calls = [line for line in shown if re.match(r"[ |]*[A-Za-z]\w*\(.*\)( ->.*)?$", line)]
            assert calls or name.endswith(("Error", "Timeout", "Failures"))
            assert not any("'int" in line or "NDArray" in line or "Any" in line for line in calls), calls
    assert str(inspect.signature(kf.RandomClips)).startswith("(frames, stride=None, clips=1")
    assert str(inspect.signature(kf.conventions.PySlowFastTrain)).startswith("(num_frames=")
    assert typing.get_type_hints(kf.RandomClips.__init__)["frames"] is int
