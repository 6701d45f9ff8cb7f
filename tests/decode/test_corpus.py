"""The inputs that the fuzzers keep do no harm in the extension as it is built.

fuzz/README.md describes these inputs. `./dev check` replays them under sanitizers by the fuzz targets.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kinetics_fast as kf
from kinetics_fast._core import FrameIndex

if TYPE_CHECKING:
    from support.child import Child

CORPUS = Path(__file__).parents[2] / "fuzz" / "corpus"
VIDEOS = CORPUS / "decode"
INDICES = CORPUS / "frame_index"

DECODING = """
import sys
from pathlib import Path
import numpy as np
import kinetics_fast as kf

for path in sorted(Path(sys.argv[1]).iterdir()):
    print(path.name, flush=True)  # the last name is whose bytes ended the process
    try:
        video = kf.Video(path.read_bytes())
    except kf.Error as error:
        assert isinstance(error, (kf.CorruptError, kf.UnsupportedError)), repr(error)
        continue
    count = min(len(video), 32)
    together = kf.decode_clips([kf.Clip(video, indices=range(count))], size=24, on_error="zero")
    apart = kf.decode_clips([kf.Clip(video, indices=[i]) for i in range(count)], size=24, on_error="zero")
    alone = kf.decode_clips([kf.Clip(video, indices=[count - 1])], size=24, on_error="zero")
    assert np.array_equal(together.status[0], apart.status[:, 0])
    assert together.status[0, -1] == alone.status[0, 0]
    good = together.status[0] == kf.FrameStatus.OK
    assert np.array_equal(together.frames[0, good], apart.frames[good, 0])
    assert not good[-1] or np.array_equal(together.frames[0, -1], alone.frames[0, 0])
"""

UNPACKING = """
import sys
from pathlib import Path
import numpy as np
import kinetics_fast as kf
from kinetics_fast._core import FrameIndex

drawn = np.random.default_rng(7)
read = refused = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        _, index = kf.Video(path).__getstate__()
    except kf.Error:
        continue
    packed = np.frombuffer(index.pack(), np.uint8)
    assert FrameIndex.unpack(packed).pack() == packed.tobytes()
    for _ in range(100):
        changed = packed.copy()
        changed[drawn.integers(4, len(packed))] = drawn.integers(0, 256)
        try:
            other = FrameIndex.unpack(changed)
        except kf.CorruptError:
            refused += 1
            continue
        read += 1
        again = FrameIndex.unpack(other.pack())
        assert again.pack() == other.pack()
        assert (len(again), again.codec, again.duration) == (len(other), other.codec, other.duration)
print(read, refused)
"""


def test_no_fuzzer_input_crashes_or_makes_a_frame_depend_on_other_requested_frames(child: Child) -> None:
    assert len(child(DECODING, VIDEOS).splitlines()) > 30


def test_a_saved_index_whose_picture_goes_on_for_ever_is_refused() -> None:
    packed = (INDICES / "long_picture.mkv").read_bytes()
    with pytest.raises(kf.CorruptError, match="a picture has too many packets"):
        FrameIndex.unpack(packed)


def test_a_saved_index_with_other_bytes_is_refused_or_packs_to_itself(child: Child) -> None:
    read, refused = map(int, child(UNPACKING, VIDEOS).split())
    assert min(read, refused) > 300
