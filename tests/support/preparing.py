"""Small data sets to prepare, and what ffmpeg says about a prepared file."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

import kinetics_fast as kf
from videos import ffmpeg_cli, media

FRAMES = 150
GOOD = {"abseiling/one": "open_gop.mp4", "abseiling/two": "mpeg4.avi", "zumba/three": "late_start.mkv"}

PREPARED = {
    "abseiling/one.mp4",
    "abseiling/two.mp4",
    "zumba/three.mp4",
    "kinetics-fast.arrow",
}  # of small_sources


def small_sources(root: Path) -> None:
    """Make two class folders with three clips of different containers, and a file that is no video."""
    for name, video in GOOD.items():
        path = root / (name + Path(video).suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(media.make(video), path)
    (root / "zumba" / "four.mp4").write_bytes(b"<html>403 Forbidden</html>" * 40)


def _encode(path: Path, **options: Any) -> None:
    picture = ffmpeg.input(f"testsrc2=size=96x64:rate=25:duration={FRAMES / 25}", f="lavfi")
    more = {"vcodec": "libx264", "pix_fmt": "yuv420p", "preset": "veryfast", "threads": 1, **options}
    ffmpeg_cli.run(ffmpeg.output(picture, str(path), fflags="+bitexact", **more))


def six_seconds() -> Path:
    """Return a video of 150 frames in one GOP, as x264 makes it by default."""
    return media.cached("six_seconds.mp4", _encode)


def uneven() -> Path:
    """Return a video from which two of seven frames are missing, so that its frame rate varies."""
    options = {"vf": "select='gt(mod(n,7),1)'", "fps_mode": "passthrough"}
    return media.cached("uneven.mkv", lambda path: _encode(path, **options))


def wavering() -> Path:
    """Return a video of 150 frames of which every second one is shown 10 ms later than by six_seconds."""
    options = {
        "vf": r"settb=1/1000,setpts=PTS+mod(N\,2)*10",
        "fps_mode": "passthrough",
        "enc_time_base": "1/1000",
    }
    return media.cached("wavering.mkv", lambda path: _encode(path, **options))


OWN = {"six_seconds.mp4": six_seconds, "uneven.mkv": uneven}


def path_of(name: str) -> Path:
    """Return a test video, or one of this module."""
    return OWN[name]() if name in OWN else media.make(name)


def prepare_videos(names: Iterable[str], folder: Path, **options: Any) -> Path:
    """Prepare test videos in one run and return the target."""
    (folder / "sources").mkdir(parents=True)
    for name in dict.fromkeys(names):
        shutil.copy(path_of(name), folder / "sources" / name)
    kf.prepare(folder / "sources", folder / "target", **options)
    return folder / "target"


def prepared_path(name: str, target: Path) -> Path:
    """Return the prepared file of a test video. The later of two equal names keeps its extension."""
    plain, longer = target / f"{Path(name).stem}.mp4", target / f"{name}.mp4"
    return longer if longer.exists() else plain


def prepare_one(name: str, folder: Path, **options: Any) -> Path:
    """Prepare one test video and return the prepared file."""
    path = prepared_path(name, prepare_videos([name], folder, **options))
    assert path.exists()
    return path


def files_of(target: Path) -> set[str]:
    """Return the names of all files in a target that are not in the state folder."""
    found = (path.relative_to(target) for path in target.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if path.parts[0] != ".kinetics-fast-prepare"}


def contents_of(target: Path) -> dict[str, bytes]:
    """Return every prepared file. The index is left out: it has the date of its scan."""
    return {name: (target / name).read_bytes() for name in files_of(target) if not name.endswith(".arrow")}


def means(frames: NDArray[Any]) -> NDArray[np.float64]:
    """Return the means of each frame, (T, H, W, C), over 4 x 4 areas."""
    rows = [part.mean(axis=1, dtype=np.float64) for part in np.array_split(frames, 4, axis=1)]
    columns = [part.mean(axis=2) for part in np.array_split(np.stack(rows, axis=1), 4, axis=2)]
    return np.stack(columns, axis=2)
