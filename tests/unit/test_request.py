"""The request path opens equal sources once, takes rows in any order, and zeros rows that are not decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast import _core
from kinetics_fast._decode.index_request import FailedSource, IndexedSource, IndexRequest
from kinetics_fast._decode.pixels import Pixels
from kinetics_fast._decode.request import DecodeRequest, Output, check_row
from kinetics_fast._decode.video import MAX_PIXELS, decodable, source_and_index

if TYPE_CHECKING:
    from pathlib import Path


def name_of(item: int) -> str:
    return f"sources[{item}]"


def test_equal_sources_are_opened_once_unless_their_saved_indices_differ(path: Path, video: kf.Video) -> None:
    saved = source_and_index(video).frame_index.pack()
    sources: list[Any] = [path, str(path), decodable(video), path, decodable(video), "missing.mp4"]
    request = IndexRequest(sources, name_of, [None, None, None, saved, None, None])
    assert len(request) == 4
    job = request.submit(None, MAX_PIXELS)
    assert job.wait()
    *found, missing = job.collect()
    assert all(isinstance(each, IndexedSource) for each in found)
    assert found[0] is found[1]
    assert found[2] is found[4] is source_and_index(video)
    assert found[3] is not found[0]
    assert isinstance(missing, FailedSource)
    assert isinstance(missing.error, kf.OpenError)


def test_known_indices_need_no_job_of_the_engine(video: kf.Video, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_core, "submit_index", None)
    job = IndexRequest([decodable(video)] * 2, name_of).submit(None, MAX_PIXELS)
    assert job.wait(0)
    assert job.collect() == [source_and_index(video)] * 2


def test_a_source_of_a_wrong_type_is_named(path: Path) -> None:
    with pytest.raises(TypeError, match=r"sources\[1\] must be a path, .*, got int"):
        IndexRequest([path, 3], name_of)  # type: ignore[list-item]


def test_rows_are_decoded_in_any_order_and_the_others_are_zeros(video: kf.Video) -> None:
    pixels = Pixels.of()
    output = Output(pixels, 3, 2, (8, 8), np.full((3, 2, 8, 8, 3), 90, np.uint8))
    request = DecodeRequest()
    request.add(source_and_index(video), 2, [5, 9], None, False)
    request.add(source_and_index(video), 0, [30, 1], (8.0, 0.0, 64.0, 64.0), True)
    output.fail(1)
    job = request.submit(output, _core.ThreadLimit(0), None)
    assert job.wait()
    errors = job.collect(accept_damaged=False)
    assert errors == {}
    clips = [
        kf.Clip(video, indices=[30, 1], box=(8, 0, 64, 64), flip=True),
        kf.Clip(video, indices=[5, 9]),
    ]
    expected = kf.decode_clips(clips, size=8)
    assert np.array_equal(output.frames[[0, 2]], expected.frames)
    assert np.array_equal(output.timestamps()[[0, 2]], expected.timestamps)
    assert output.status().tolist() == [[0, 0], [kf.FrameStatus.FAILED] * 2, [0, 0]]
    assert not output.frames[1].any()
    assert np.isnan(output.timestamps()[1]).all()


def test_rows_outside_the_video_are_refused(video: kf.Video) -> None:
    indexed = source_and_index(video)
    check_row(indexed, [0, 59], (0.0, 0.0, 128.0, 96.0))
    with pytest.raises(kf.FrameRangeError, match="frames 0 to 59"):
        check_row(indexed, [0, 60], None)
    with pytest.raises(ValueError, match="ends outside the frame of 128x96"):
        check_row(indexed, [0], (1.0, 0.0, 128.0, 96.0))
