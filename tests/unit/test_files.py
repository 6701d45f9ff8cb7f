"""A file is complete or absent, and a lock keeps others out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kinetics_fast._files import atomic_write, locked

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="Invalid argument"), atomic_write(path) as file:
        file.seek(-1)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lock_that_is_held_is_refused_until_it_is_released(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        locked(path, RuntimeError("busy")),
        pytest.raises(RuntimeError, match="busy"),
        locked(path, RuntimeError("busy")),
    ):
        pass
    with locked(path, RuntimeError("busy")):
        pass
