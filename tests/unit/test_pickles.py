"""Pickles name public classes by the package, so that they outlive any layout of its modules."""

from __future__ import annotations

import copy
import pickle
import pydoc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = [name for name in kf.__all__ if isinstance(getattr(kf, name), type)]
ROOMS = (b"kinetics_fast._decode", b"kinetics_fast.loader", b"kinetics_fast.samplers", b"kinetics_fast.crops")


@pytest.mark.parametrize("name", CLASSES)
def test_a_public_class_is_found_where_its_pickles_look_for_it(name: str) -> None:
    kind = getattr(kf, name)
    assert (kind.__module__, kind.__qualname__) == ("kinetics_fast", name)
    assert pickle.loads(pickle.dumps(kind)) is kind
    assert f"class {name}" in pydoc.render_doc(kind)


def objects(path: Path) -> list[Any]:
    """Give an object of every kind that people send to other processes."""
    video = kf.Video(path)
    clip = kf.Clip(video, start=3, frames=4)
    return [
        video,
        clip,
        kf.FileRange("a.tar", 512, 1000),
        kf.FrameStatus.DAMAGED,
        kf.decode_clips([clip], size=8),
        next(iter(kf.ClipLoader([path], kf.UniformClips(2, 1), size=8, batch_size=1))),
        kf.Record(path, 3),
        kf.DenseClips(4, stride=2),
        kf.SegmentFrames(4),
        kf.RandomCrop(8),
        kf.ThreeCrop(8),
        kf.CorruptError("what", "a.mp4", 3, "decode"),
    ]


def test_pickles_name_no_room_of_the_package(path: Path) -> None:
    for thing in objects(path):
        data = pickle.dumps(thing)
        assert not any(room in data for room in ROOMS), thing
        for again in (pickle.loads(data), copy.copy(thing), copy.deepcopy(thing)):
            assert type(again) is type(thing)


def test_a_copied_video_reads_the_same_frames(path: Path) -> None:
    video = kf.Video(path)
    for again in (pickle.loads(pickle.dumps(video)), copy.copy(video), copy.deepcopy(video)):
        assert np.array_equal(again.frames([5]), video.frames([5]))
        assert np.array_equal(again.timestamps, video.timestamps)


def test_a_pickle_by_the_older_name_of_video_is_a_video(path: Path) -> None:
    data = pickle.dumps(kf.Video(path), protocol=2)
    older = data.replace(b"ckinetics_fast\nVideo\n", b"ckinetics_fast.video\nVideo\n")
    assert older != data
    again = pickle.loads(older)
    assert type(again) is kf.Video
    assert np.array_equal(again[3], kf.Video(path)[3])


def test_a_pickle_with_another_form_of_index_is_refused(path: Path) -> None:
    form = _core.saved_index_form().encode()
    data = pickle.dumps(kf.Video(path), protocol=2)
    assert data.count(form) == 1
    with pytest.raises(kf.CorruptError, match="saved frame index"):
        pickle.loads(data.replace(form, b"KFI0"))
