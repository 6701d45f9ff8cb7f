"""Other readers see the frames and times of the sources in prepared files, and a browser plays the files."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray

import kinetics_fast as kf
from support.preparing import path_of, prepare_videos, prepared_path

pytestmark = pytest.mark.ffmpeg

NAMES = ("six_seconds.mp4", "uneven.mkv", "late_start.mkv", "mpeg4.avi", "rotated_90.mp4", "edit_mid_gop.mp4")
Times = NDArray[np.float64]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare_videos(NAMES, tmp_path_factory.mktemp("players"))


def _pyav(path: Path) -> Times:
    av = pytest.importorskip("av")
    with av.open(str(path)) as container:
        return np.array([float(frame.pts * frame.time_base) for frame in container.decode(video=0)])


def _opencv(path: Path) -> Times:
    cv2 = pytest.importorskip("cv2")
    capture, times = cv2.VideoCapture(str(path)), []
    while capture.read()[0]:
        times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
    return np.array(times)


def _decord(path: Path) -> Times:
    decord = pytest.importorskip("decord")
    reader = decord.VideoReader(str(path))
    times = reader.get_frame_timestamp(range(len(reader)))[:, 0].astype(np.float64)
    assert reader.get_batch(range(len(reader))).shape[0] == len(times)
    return np.asarray(times)


def _torchcodec(path: Path) -> Times:
    try:
        from torchcodec.decoders import VideoDecoder
    except (ImportError, OSError, RuntimeError):  # it needs FFmpeg's shared libraries
        pytest.skip("torchcodec is not installed")
    decoder = VideoDecoder(str(path))
    frames = decoder.get_frames_in_range(0, len(decoder))
    return np.asarray(frames.pts_seconds.numpy(), np.float64)


READERS = {"pyav": (_pyav, True), "opencv": (_opencv, False), "decord": (_decord, False)}
READERS["torchcodec"] = (_torchcodec, True)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", NAMES)
def test_readers_see_the_frames_and_times_of_the_source(name: str, reader: str, target: Path) -> None:
    read: Callable[[Path], Times]
    read, shows_the_start = READERS[reader]
    path, source = prepared_path(name, target), kf.Video(path_of(name))
    times = read(path)
    assert len(times) == len(source)
    wanted = source.timestamps if shows_the_start else source.timestamps - source.timestamps[0]
    times = times if shows_the_start else times - times[0]
    tick = float(kf.Video(path).time_base)
    np.testing.assert_allclose(times, wanted, rtol=0, atol=max(tick, 1e-6 * wanted[-1]))


PAGE = b"""<!DOCTYPE html><video id=v muted></video><script>
const video = document.getElementById("v"), name = new URLSearchParams(location.search).get("name");
function say(words) { fetch("/said?" + new URLSearchParams({name, ...words})); }
video.onerror = () => say({error: video.error.message});
video.onended = () => say({duration: video.duration, width: video.videoWidth, height: video.videoHeight,
  frames: video.getVideoPlaybackQuality().totalVideoFrames});
video.src = "/" + name; video.play().catch(error => say({error: String(error)}));
</script>"""


class _Handler(http.server.SimpleHTTPRequestHandler):
    said: dict[str, str]
    arrived: threading.Event

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/said":
            type(self).said = {name: values[0] for name, values in parse_qs(where.query).items()}
            self.arrived.set()
        if where.path not in ("/said", "/page"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE if where.path == "/page" else b"")

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_chromium_plays_the_file_to_its_end(name: str, target: Path, tmp_path: Path) -> None:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no chromium")
    path, source = prepared_path(name, target), kf.Video(path_of(name))
    _Handler.arrived = threading.Event()
    handler = partial(_Handler, directory=str(target))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = f"http://127.0.0.1:{server.server_port}/page?name={path.name}"
        options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
        options += ["--remote-debugging-port=0", "--autoplay-policy=no-user-gesture-required"]
        with subprocess.Popen([program, *options, page], stderr=subprocess.DEVNULL) as browser:
            arrived = _Handler.arrived.wait(60)
            browser.kill()
        server.shutdown()
    assert arrived
    said = _Handler.said
    assert "error" not in said, said
    assert (int(said["width"]), int(said["height"])) == (source.width, source.height)
    assert float(said["duration"]) == pytest.approx(source.timestamps[0] + source.duration, abs=0.05)
    assert int(said["frames"]) == len(source)
