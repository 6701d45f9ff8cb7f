"""The folder that keeps what was fetched: fewer requests, the same batches, bounded, shared by processes."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kinetics_fast as kf
from kinetics_fast._decode.video import source_and_index
from kinetics_fast.remote.cache import BLOCK, block_cache
from support.child import Child
from support.stores import WebHost
from videos import media

pytestmark = pytest.mark.ffmpeg

diskcache = pytest.importorskip("diskcache", reason="diskcache, of the extra `remote`, is not installed")

NAMES = ["open_gop.mp4", "b_pyramid_normal.mkv", "h264.ts"]


def records(web: WebHost, store: Any) -> list[kf.Record]:
    dataset = []
    for name in NAMES:
        web.files[name] = media.make(name).read_bytes()
        index = source_and_index(kf.Video(media.make(name)))[1].pack()
        dataset.append(kf.Record(kf.Remote(store, name), frame_index=index))
    return dataset


def loader(dataset: Any, folder: Path | None, **options: Any) -> kf.ClipLoader:
    return kf.ClipLoader(dataset, kf.RandomClips(4, stride=1), size=32, batch_size=1, cache=folder, **options)


def frames(loader: kf.ClipLoader) -> list[Any]:
    return [batch.frames for batch in loader]


def test_a_second_epoch_reads_what_is_there(web: WebHost, tmp_path: Path) -> None:
    dataset = records(web, web.store())
    plain = frames(loader(dataset, None))
    cached = loader(dataset, tmp_path / "cache")
    np.testing.assert_array_equal(frames(cached), plain)
    web.watched.asked.clear()
    np.testing.assert_array_equal(frames(loader(dataset, tmp_path / "cache")), plain)
    assert web.watched.asked == []


def test_a_cache_is_bounded(tmp_path: Path) -> None:
    cache = block_cache(tmp_path / "cache", 20 * BLOCK)
    assert cache is not None
    for block in range(100):
        cache.put("video", block, bytes([block]) * BLOCK)
    size = sum(path.stat().st_size for path in (tmp_path / "cache").rglob("*.val"))
    assert size <= 21 * BLOCK
    assert cache.get("video", 99) == bytes([99]) * BLOCK
    assert cache.get("video", 0) is None
    assert cache.get("other", 99) is None


def test_damaged_and_foreign_entries_are_not_used(web: WebHost, tmp_path: Path) -> None:
    dataset = records(web, web.store())[:1]
    plain = frames(loader(dataset, None))
    folder = tmp_path / "cache"
    np.testing.assert_array_equal(frames(loader(dataset, folder)), plain)
    with diskcache.Cache(str(folder)) as cache:
        for key in list(cache):
            cache[key] = {"a": "pickle"}
    np.testing.assert_array_equal(frames(loader(dataset, folder)), plain)
    with diskcache.Cache(str(folder)) as cache:
        for key in list(cache):
            cache[key] = b"short"
    np.testing.assert_array_equal(frames(loader(dataset, folder)), plain)


def test_several_processes_share_a_cache(tmp_path: Path, child: Child) -> None:
    code = f"""
        from concurrent.futures import ProcessPoolExecutor
        import multiprocessing
        from kinetics_fast.remote.cache import BLOCK, block_cache

        def work(number):
            cache = block_cache({str(tmp_path / "cache")!r}, 64 * BLOCK)
            for block in range(40):
                found = cache.get("video", block)
                assert found is None or found == bytes([block]) * BLOCK, "a torn block"
                cache.put("video", block, bytes([block]) * BLOCK)
            return number

        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(2, context) as pool:
                print(sum(pool.map(work, range(4))))
    """
    assert child(textwrap.dedent(code)).strip() == "6"
