"""A data set keeps frame indices compressed; what is damaged or unfolds without end is refused."""

from __future__ import annotations

import zlib

import pytest

import kinetics_fast as kf
from kinetics_fast.dataset_index import saved_frame_index

pytest.importorskip("pyarrow")


@pytest.mark.parametrize(
    "saved",
    [
        b"",
        b"KFI7 and more",
        zlib.compress(b"x" * 1000)[:-1],
        zlib.compress(b"x") + b"y",
        zlib.compress(b"x" * 1000)[:-4] + b"sum!",
    ],
)
def test_damaged_bytes_are_refused(saved: bytes) -> None:
    with pytest.raises(kf.CorruptError, match="the saved frame index is damaged"):
        saved_frame_index.decompress(saved)


def test_the_unfolded_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = zlib.compress(bytes(1000))
    assert saved_frame_index.decompress(saved) == bytes(1000)
    monkeypatch.setattr(saved_frame_index, "MAX_PACKED_BYTES", 999)
    with pytest.raises(kf.CorruptError, match="damaged"):
        saved_frame_index.decompress(saved)
