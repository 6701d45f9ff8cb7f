"""A file's contents never make another file open, and a header that promises too much costs little."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support import opened_files
from support.spending import spent
from videos import hostile_files, media

if TYPE_CHECKING:
    from pathlib import Path

    from support.child import Child

pytestmark = pytest.mark.ffmpeg

READ = """
import json, sys
import kinetics_fast as kf

kf.decode_clips([kf.Clip(sys.argv[1], indices=[0])])  # load everything that is loaded lazily
open("/dev/null").close()
found = []
for path in sys.argv[2:]:
    try:
        frames = kf.Video(path).frames([0, 1])
        found.append("read")
    except kf.Error as error:
        found.append(type(error).__name__)
print(json.dumps(found))
"""
USE = """
import kinetics_fast as kf

def use(path):
    len(kf.Video(path))
    kf.decode_clips([kf.Clip(path, indices=[0])], on_error="zero")
"""
SLACK = 150  # MiB above the memory of a good file; the smallest promise would take gigabytes
SECONDS = 5  # of CPU time


@pytest.fixture(scope="module")
def logger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return opened_files.build_logger(tmp_path_factory.mktemp("logger"))


@pytest.mark.preload
def test_nothing_but_the_file_itself_is_opened(logger: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp4"
    secret.write_bytes(media.make("short_gop.mp4").read_bytes())
    paths = []
    for name, data in hostile_files.pointing_elsewhere(secret).items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    said, opened = opened_files.run(logger, tmp_path / "log", READ, media.make("one_frame.mp4"), *paths)
    assert set(opened) == {str(path) for path in paths}
    assert len(json.loads(said)) == len(paths)


@pytest.mark.preload
def test_the_log_of_opened_files_sees_what_is_opened(logger: Path, tmp_path: Path) -> None:
    source = "import socket\nopen('/dev/null').close()\nopen('/dev/zero').close()\nsocket.socket().close()"
    assert opened_files.run(logger, tmp_path / "log", source)[1] == ["/dev/zero", "a socket"]


@pytest.mark.preload
@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:9/a.mp4", "concat:a.mp4|b.mp4", "pipe:0", "file:a.mp4", "data:,x"]
)
def test_a_path_is_never_opened_as_a_url(name: str, logger: Path, tmp_path: Path) -> None:
    said, opened = opened_files.run(logger, tmp_path / "log", READ, media.make("one_frame.mp4"), name)
    assert json.loads(said) == ["OpenError"]
    assert set(opened) <= {name}


def test_headers_that_promise_more_than_the_file_holds_cost_little(child: Child, tmp_path: Path) -> None:
    for name, write in hostile_files.promising_much().items():
        (tmp_path / name).write_bytes(write())
    paths = [media.make("one_frame.mp4"), *(tmp_path / name for name in hostile_files.promising_much())]
    rows = spent(child, USE, paths)
    assert [row.name for row in rows] == [path.name for path in paths]
    allowed = rows[0].mebibytes + SLACK
    assert [row for row in rows if row.status or row.mebibytes > allowed or row.cpu_seconds > SECONDS] == []
