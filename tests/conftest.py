"""Fixtures of all tests: videos as parameters, one video and clips of it, the server, child processes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

import kinetics_fast as kf
from support.child import Child, run_script
from support.misbehaving_server import Host, serving
from videos import media

REAL_CLIPS = Path(__file__).parents[2] / "shared" / "clips"
SUFFIXES = (".mp4", ".mkv")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--clips", type=Path, default=REAL_CLIPS, help="a folder of real videos to check as well"
    )


def real_clips(config: pytest.Config) -> list[Path]:
    folder: Path = config.getoption("--clips") / "kinetics"
    return sorted(path for path in folder.glob("*") if path.suffix in SUFFIXES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that requests `video_path` with every test video and every real clip."""
    if "video_path" in metafunc.fixturenames:
        clips = real_clips(metafunc.config)
        ids = [*media.NAMES, *(f"clips/{path.name}" for path in clips)]
        metafunc.parametrize("video_path", [*media.NAMES, *clips], ids=ids, indirect=True, scope="session")


@pytest.fixture(scope="session")
def video_path(request: pytest.FixtureRequest) -> Path:
    return request.param if isinstance(request.param, Path) else media.make(request.param)


@pytest.fixture(scope="session")
def path() -> Path:
    """Return the video for tests that need one video: 60 frames of 128x96 with leading pictures."""
    return media.make("open_gop.mp4")


@pytest.fixture(scope="session")
def video(path: Path) -> kf.Video:
    return kf.Video(path)


@pytest.fixture(scope="session")
def whole(path: Path) -> media.Pixels:
    return kf.Video(path).frames(range(60))


@pytest.fixture(scope="session")
def clips(path: Path) -> list[kf.Clip]:
    return [kf.Clip(path, start=start, frames=5, stride=3, box=(8, 4, 96, 80)) for start in (0, 20, 31)]


@pytest.fixture
def host() -> Iterator[Host]:
    """Serve the files of a test, with the troubles that the test sets."""
    with serving() as host:
        yield host


@pytest.fixture
def child(tmp_path: Path) -> Child:
    """Run Python source as a script in a child process and return its output; kill it if it hangs."""
    return partial(run_script, tmp_path)
