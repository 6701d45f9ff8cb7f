"""Stores of both libraries, what they keep secret, and other processes."""

from __future__ import annotations

import logging
import os
import pickle
import sys
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast.remote.urls import without_secrets
from support.child import Child
from support.stores import BUCKET, KEY, SECRET, Bucket, WebHost
from videos import media

pytestmark = pytest.mark.ffmpeg

NAME = "open_gop.mp4"


@pytest.fixture
def data() -> bytes:
    return media.make(NAME).read_bytes()


def filesystems(web: WebHost, data: bytes) -> dict[str, kf.Remote]:
    fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
    pytest.importorskip("aiohttp", reason="fsspec[http] is not installed")
    web.files["a.mp4"] = data
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/a.mp4", data)
    return {
        "asynchronous": kf.Remote(fsspec.filesystem("http"), f"{web.url}/a.mp4"),
        "synchronous": kf.Remote(memory, "/a.mp4"),
    }


@pytest.mark.parametrize("kind", ["asynchronous", "synchronous"])
def test_filesystems_of_fsspec(kind: str, web: WebHost, data: bytes) -> None:
    remote = filesystems(web, data)[kind]
    video = kf.Video(remote)
    np.testing.assert_array_equal(video[3:40:7], kf.Video(data)[3:40:7])
    again = pickle.loads(pickle.dumps(video))
    np.testing.assert_array_equal(again[5], video[5])
    missing = kf.Remote(remote.store, remote.path.replace("a.mp4", "b.mp4"))
    with pytest.raises(FileNotFoundError):
        kf.Video(missing)


def test_a_changed_object_of_fsspec_is_noticed(web: WebHost, data: bytes) -> None:
    video = kf.Video(filesystems(web, data)["asynchronous"])
    web.files["a.mp4"] = data[:-8]
    with pytest.raises(kf.CorruptError, match="has changed since it was indexed"):
        video[5]


def test_urls(web: WebHost, data: bytes) -> None:
    web.files["below/a.mp4"] = data
    remote = kf.Remote(f"{web.url}/below/", "a.mp4")
    assert remote == kf.Remote(f"{web.url}/below", "a.mp4")
    np.testing.assert_array_equal(kf.Video(remote)[7], kf.Video(data)[7])
    clip = kf.Clip(remote, start=0, frames=2)
    np.testing.assert_array_equal(kf.decode_clips([clip, clip]).frames[1], kf.Video(data)[:2])


@pytest.mark.parametrize("store", [None, 3, object(), b"s3://bucket"])
def test_what_is_no_store_is_a_type_error(store: Any) -> None:
    with pytest.raises(TypeError, match="store must be a URL, an obstore store or an fsspec filesystem"):
        kf.Remote(store, "a.mp4")


@pytest.mark.parametrize(("offset", "size"), [(-1, None), (0, -1), (1.5, None), (sys.maxsize, 1)])
def test_what_is_no_range_is_refused(offset: Any, size: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="offset and size must be"):
        kf.Remote("https://example.org", "a.mp4", offset, size)


def test_planes_and_other_streams(s3: Bucket, data: bytes) -> None:
    s3.put("planes.mp4", data)
    remote, local = kf.Video(kf.Remote(s3.store(), "planes.mp4"), stream=0), kf.Video(data)
    for ours, theirs in zip(remote.planes([3])[0], local.planes([3])[0], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_credentials_are_in_no_text(
    s3: Bucket, data: bytes, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, "kinetics_fast")
    s3.put("secret.mp4", data)
    remote = kf.Remote(s3.store(), "secret.mp4")
    video = kf.Video(remote)
    texts = [repr(remote), str(remote), repr(video), repr(kf.Clip(remote, 0, 2)), repr(kf.Record(remote))]
    texts.append(repr(kf.ClipLoader([remote], kf.UniformClips(1, 4))))
    s3.watched.trouble = lambda *_: 500
    for source in (remote, video, kf.Remote(s3.store(), "none.mp4")):
        batch = (
            kf.decode_clips([kf.Clip(source, 0, 2)], size=8, on_error="zero", timeout=1)
            if isinstance(source, kf.Video)
            else None
        )
        if batch is not None:
            texts += [repr(batch), *map(repr, batch.errors.values()), *map(str, batch.errors.values())]
    texts += [record.getMessage() for record in caplog.records if record.name.startswith("kinetics")]
    texts += capfd.readouterr()
    for text in texts:
        assert SECRET not in text
        assert KEY not in text
    assert f"s3://{BUCKET}/secret.mp4" in texts[0]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("at https://me:pw@host/x?sig=abc (again)", "at https://host/x (again)"),
        ('url: "https://acct.blob/c/a%20b?sv=1&sig=Z%3D", 403', 'url: "https://acct.blob/c/a%20b", 403'),
        ("no URL?", "no URL?"),
    ],
)
def test_texts_of_libraries_lose_their_secrets(text: str, clean: str) -> None:
    assert without_secrets(text) == clean


FORKED = """
import os, sys
import kinetics_fast as kf
clip = kf.Clip(kf.Remote(sys.argv[1], "a.mp4"), start=0, frames=2)
if sys.argv[2] == "used":
    kf.decode_clips([clip])
child = os.fork()
if child:
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
else:
    batch = kf.decode_clips([clip], size=8, on_error="zero", timeout=20)
    print(batch.errors.get(0, "fine"), flush=True)
    os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_reads_or_says_why_not(child: Child, web: WebHost, data: bytes) -> None:
    web.files["a.mp4"] = data
    assert child(FORKED, web.url, "unused").split() == ["fine", "0"]
    told = child(FORKED, web.url, "used")
    assert "was used before this process was forked; start processes by 'spawn'" in told


def test_importing_the_package_imports_no_store(child: Child) -> None:
    stores = "{'obstore', 'fsspec', 'diskcache', 'asyncio', 'sqlite3'}"
    assert child(f"import sys, kinetics_fast; print({stores} & set(sys.modules))").strip() == "set()"
