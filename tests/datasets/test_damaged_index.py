"""A saved index of a data set is not trusted: damage is an error that names the file, never a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kinetics_fast.cli.main import main
from videos import media

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

READ_DAMAGED = """
import collections, sys
from pathlib import Path
import numpy as np
import kinetics_fast as kf

index, damaged, root = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
whole = np.frombuffer(index.read_bytes(), np.uint8)
rng = np.random.default_rng(0)
seen = collections.Counter()
for _ in range(300):
    bits = whole.copy()
    bits[rng.integers(len(bits), size=1)] ^= np.uint8(1 << rng.integers(8))
    damaged.unlink(missing_ok=True)  # the last one may still be mapped
    damaged.write_bytes(bits)
    try:
        clips = kf.Dataset.from_index(damaged, root=root, status=None)
        clips.labels, clips.report(), list(clips)
        seen["read"] += 1
    except (OSError, ValueError, KeyError) as error:
        assert str(damaged) in str(error) or not isinstance(error, OSError), error
        seen["refused"] += 1
assert min(seen["read"], seen["refused"]) > 20, seen
"""

NO_PYARROW = """
import sys
sys.modules["pyarrow"] = None
import kinetics_fast as kf
try:
    kf.Dataset.from_index("index.arrow")
except ModuleNotFoundError as error:
    print(error.name, error)
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    for number in range(6):
        (tmp_path / f"{number}.mp4").symlink_to(media.make("short_gop.mp4"))
    assert main(["scan", str(tmp_path)]) == 0
    return tmp_path / "kinetics-fast.arrow"


def test_flipped_bits_do_not_crash(index: Path, tmp_path: Path, child: Child) -> None:
    assert child(READ_DAMAGED, index, tmp_path / "damaged.arrow", tmp_path) == ""


def test_without_pyarrow_the_error_names_what_to_install(child: Child) -> None:
    said = child(NO_PYARROW)
    assert said.startswith("pyarrow ")
    assert "kinetics-fast[scan]" in said
