"""Bad input ends in a typed error that states the file, the place and the reason.

Bad input never hangs or crashes, and is never returned as pixels.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import ffmpeg
import numpy as np
import pytest

import kinetics_fast as kf
from videos import avi, ffmpeg_cli, media, oracle

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

STAGES = {"open", "index", "plan", "read", "decode", "convert"}
REPORT = """
import json, sys, kinetics_fast as kf
results = []
clip = kf.Clip(sys.argv[1], start=0, frames=1)
for read, argument in ((kf.Video, sys.argv[1]), (kf.decode_clips, [clip])):
    try:
        read(argument)
        results.append({"type": None})
    except kf.Error as error:
        results.append({"type": type(error).__name__, "path": error.path, "stage": error.stage,
                        "frame": error.frame, "detail": error.detail, "message": str(error)})
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one file of each kind that is not a readable video."""
    root = tmp_path_factory.mktemp("bad")
    whole = media.make("moov_last.mp4").read_bytes()
    (root / "folder.mp4").mkdir()
    (root / "empty.mp4").touch()
    (root / "text.mp4").write_text("this is not a video\\n" * 400)
    (root / "garbage.mp4").write_bytes(np.random.default_rng(0).bytes(50_000))
    (root / "garbage.mkv").write_bytes(b"\x1a\x45\xdf\xa3" + np.random.default_rng(1).bytes(50_000))
    (root / "no_moov.mp4").write_bytes(whole[: whole.index(b"moov") - 8])
    (root / "header_alone.mp4").write_bytes(whole[:40])
    tone = ffmpeg.input("sine=frequency=440:duration=1", f="lavfi")
    ffmpeg_cli.run(ffmpeg.output(tone, str(root / "sound.mp4"), acodec="aac"))
    pictures = ffmpeg.input("testsrc2=size=64x48:rate=25", f="lavfi").trim(end_frame=3)
    ffmpeg_cli.run(ffmpeg.output(pictures, str(root / "ffv1.mkv"), vcodec="ffv1", pix_fmt="yuv420p"))
    os.mkfifo(root / "fifo.mp4")
    (root / "loop.mp4").symlink_to(root / "loop.mp4")
    return root


BROKEN = {
    "missing.mp4": ("OpenError",),
    "folder.mp4": ("OpenError",),
    "fifo.mp4": ("OpenError",),
    "loop.mp4": ("OpenError",),
    "empty.mp4": ("OpenError", "CorruptError"),
    "text.mp4": ("OpenError", "UnsupportedError", "CorruptError"),
    "garbage.mp4": ("OpenError", "UnsupportedError", "CorruptError"),
    "garbage.mkv": ("OpenError", "UnsupportedError", "CorruptError"),
    "no_moov.mp4": ("OpenError", "CorruptError"),
    "header_alone.mp4": ("OpenError", "CorruptError"),
    "sound.mp4": ("UnsupportedError", "OpenError"),
    "ffv1.mkv": ("UnsupportedError",),
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_that_are_no_video_are_typed_errors(name: str, folder: Path, child: Child) -> None:
    path = folder / name
    results = json.loads(child(REPORT, path))
    assert len({result["type"] for result in results}) == 1
    for result in results:
        assert result["type"] in BROKEN[name]
        assert result["path"] == str(path)
        assert result["stage"] in STAGES
        assert result["frame"] is None
        assert str(path) in result["message"]
        assert result["detail"] in result["message"]


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_devices_are_errors(device: str, child: Child) -> None:
    for result in json.loads(child(REPORT, device)):
        assert result["type"] in ("OpenError", "UnsupportedError", "CorruptError")


@pytest.mark.parametrize(
    ("name", "word"), [("no_moov.mp4", "moov"), ("ffv1.mkv", "ffv1"), ("sound.mp4", "video")]
)
def test_errors_say_the_cause(name: str, word: str, folder: Path) -> None:
    with pytest.raises(kf.Error, match=f"(?i){word}"):
        kf.Video(folder / name)


def test_a_missing_file_is_an_os_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"missing\.mp4.*No such file"):
        kf.Video(tmp_path / "missing.mp4")


FACTS = """
import os, sys, kinetics_fast as kf
from kinetics_fast import _core
ticket = _core.submit_facts(_core.Source(os.fsencode(sys.argv[1])))
ticket.wait()
try:
    ticket.result()
except kf.UnsupportedError as error:
    print(error.path, error.detail)
"""


def test_ffmpegs_log_does_not_reach_stderr_before_anything_else_was_read(tmp_path: Path) -> None:
    header = avi.write(b"MJPG", [avi.Chunk(True, bytes(50))])
    at = header.index(b"strf")
    path = tmp_path / "header.avi"
    path.write_bytes(header[:at] + b"what" + (2_000_000).to_bytes(4, "little") + header[at + 8 :])
    done = subprocess.run(
        [sys.executable, "-c", FACTS, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith(f"{path} Something went wrong during header parsing")
    assert done.stderr == ""


NOBODY = """
import os, sys, kinetics_fast as kf
if os.geteuid() == 0:  # root reads every file
    os.setuid(65534)
try:
    kf.Video(sys.argv[1])
except kf.OpenError as error:
    print(error)
"""


def test_a_file_without_permission_is_an_open_error(tmp_path: Path, child: Child) -> None:
    path = tmp_path / "secret.mp4"
    path.write_bytes(media.make("short_gop.mp4").read_bytes())
    path.chmod(stat.S_IWUSR)
    assert "Permission denied" in child(NOBODY, path)


@pytest.mark.parametrize("data", [b"", b"\0", b"text", bytes(5000)], ids=["none", "one", "text", "zeros"])
def test_bytes_that_are_no_video_are_errors_without_a_path(data: bytes) -> None:
    with pytest.raises(kf.Error) as caught:
        kf.Video(data)
    assert caught.value.path is None or "bytes" in caught.value.path


@pytest.mark.parametrize("source", [None, 3, 1.5, ["a.mp4"], object()])
def test_sources_of_other_types_are_type_errors(source: Any) -> None:
    with pytest.raises(TypeError):
        kf.Video(source)


def test_names_with_a_zero_byte_are_errors() -> None:
    with pytest.raises((kf.Error, ValueError)):
        kf.Video("a\0b.mp4")


def test_a_nan_time_is_an_error_that_names_the_file() -> None:
    path = media.make("short_gop.mp4")
    with pytest.raises((kf.FrameRangeError, ValueError), match=r"(?i)nan"):
        kf.Video(path).frames_at([0.1, float("nan")])


def test_a_frame_out_of_range_is_named() -> None:
    path = media.make("short_gop.mp4")
    with pytest.raises(kf.FrameRangeError, match="77") as caught:
        kf.decode_clips([kf.Clip(path, indices=[3, 77])])
    assert (caught.value.path, caught.value.frame) == (str(path), 77)
    assert caught.value.stage in STAGES


@pytest.mark.parametrize("window", [{"start": -5}, {"frames": 0}, {"frames": -1}, {"stride": -2}])
def test_windows_that_mean_nothing_are_errors(window: dict[str, int]) -> None:
    arguments: dict[str, Any] = {"start": 0, "frames": 2, "stride": 1, **window}
    with pytest.raises((kf.FrameRangeError, ValueError)):
        kf.decode_clips([kf.Clip(media.make("short_gop.mp4"), **arguments)])


@pytest.mark.parametrize("limit", [1, 128 * 96 - 1])
def test_pictures_above_max_pixels_are_refused(limit: int) -> None:
    path = media.make("short_gop.mp4")
    with pytest.raises(kf.Error, match="max_pixels"):
        kf.Video(path, max_pixels=limit)[0]
    assert kf.Video(path, max_pixels=128 * 96)[0].any()


def truncated(name: str, share: float, folder: Path) -> Path:
    data = media.make(name).read_bytes()
    path = folder / f"{share}-{name}"
    path.write_bytes(data[: int(len(data) * share)])
    return path


TRUNCATED = ["faststart.mp4", "fragmented.mp4", "short_gop.mkv", "fifteen_b.mkv", "open_gop.mkv"]


def planes_or_error(video: kf.Video, index: int) -> oracle.Planes | kf.CorruptError:
    try:
        return tuple(video.planes([index])[0])
    except kf.CorruptError as error:
        return error


@pytest.mark.parametrize("share", [0.35, 0.6, 0.98])
@pytest.mark.parametrize("name", TRUNCATED)
def test_a_truncated_file_gives_exact_frames_or_errors(name: str, share: float, tmp_path: Path) -> None:
    path = truncated(name, share, tmp_path)
    whole = oracle.frames(media.make(name))
    video = kf.Video(path)
    assert len(video) == len(oracle.frames(path))
    results = [planes_or_error(video, index) for index in range(len(video))]
    errors = {index: result for index, result in enumerate(results) if isinstance(result, kf.CorruptError)}
    for index, error in errors.items():
        assert (error.path, error.frame) == (str(path), index)
        assert error.stage in STAGES
    exact = [index for index in range(len(video)) if index not in errors]
    for index in exact:  # the cut removes pictures from the middle of the presentation order
        same_time = int(np.argmin(np.abs(whole.timestamps - video.timestamps[index])))
        assert oracle.equal(video.planes([index])[0], whole.planes[same_time])
    assert len(errors) <= 16
    with pytest.raises(kf.FrameRangeError):
        video[len(video)]


def test_status_of_a_frame_does_not_depend_on_the_other_requested_frames(tmp_path: Path) -> None:
    path = truncated("faststart.mp4", 0.6, tmp_path)
    count = len(kf.Video(path))
    together = kf.decode_clips([kf.Clip(path, indices=range(count))], on_error="zero")
    apart = kf.decode_clips([kf.Clip(path, indices=[index]) for index in range(count)], on_error="zero")
    alone = [
        kf.decode_clips([kf.Clip(path, indices=[index])], on_error="zero").status[0, 0]
        for index in range(count)
    ]
    assert together.status[0].tolist() == apart.status[:, 0].tolist() == alone
    assert np.array_equal(together.frames[0], apart.frames[:, 0])


def test_a_file_that_shrinks_after_its_index_was_made_is_an_error_or_exact(tmp_path: Path) -> None:
    path = tmp_path / "shrinks.mp4"
    data = media.make("faststart.mp4").read_bytes()
    path.write_bytes(data)
    video = kf.Video(path)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(kf.Error):
        video.frames(range(60))
    path.unlink()
    with pytest.raises(kf.OpenError):
        video[0]


def test_the_process_prints_nothing_about_bad_files(folder: Path, child: Child) -> None:
    source = REPORT.replace("print(json.dumps(results))", "")
    quiet = "import contextlib, os\nos.dup2(1, 2)\n" + source
    for name in ("text.mp4", "no_moov.mp4", "garbage.mkv"):
        assert child(quiet, folder / name) == ""
