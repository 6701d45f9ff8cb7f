"""The building blocks of recipes: pictures, encoding, copying with other options, editing bytes.

The pictures move, have noise and change their scene, so that all frames differ and B-frames refer to their
neighbours. Nothing here names a video or uses the package under test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg

from videos.ffmpeg_cli import Facts, remux, run

Make = Callable[[Path], None]
Proof = Callable[[Facts], bool]


@dataclass(frozen=True)
class Recipe:
    """How to make a test video; `proof` says whether the file has the property that `about` states."""

    about: str
    make: Make
    proof: Proof


def pictures(frames: int = 60, size: str = "128x96", seed: int = 7) -> Any:
    """Return an ffmpeg-python stream of three noisy scenes."""
    first, second = frames * 2 // 5, frames * 7 // 10
    pattern = ffmpeg.input(f"testsrc2=size={size}:rate=25", f="lavfi").trim(end_frame=first)
    zoom = ffmpeg.input(f"mandelbrot=size={size}:rate=25", f="lavfi").trim(end_frame=second - first)
    life = ffmpeg.input(f"cellauto=size={size}:rate=25:seed={seed}:rule=18", f="lavfi").trim(
        end_frame=frames - second
    )
    scenes = [
        scene.filter("setpts", "PTS-STARTPTS").filter("format", "yuv444p") for scene in (pattern, zoom, life)
    ]
    return ffmpeg.concat(*scenes).filter("noise", alls=14, allf="t", all_seed=seed)


def encode(
    path: Path, x264: str = "", source: Any = None, more: tuple[Any, ...] = (), **options: Any
) -> None:
    """Encode `source` by libx264 with its parameters `x264`; the streams `more` precede the video."""
    settings = {
        "vcodec": "libx264",
        "pix_fmt": "yuv420p",
        "preset": "fast",
        "threads": 1,
        "fflags": "+bitexact",
        "x264-params": x264 or "scenecut=0",
        **options,
    }
    run(ffmpeg.output(*more, pictures() if source is None else source, str(path), **settings))


def cropped(frames: int, size: str, room: str = "64x48") -> Any:
    """Return pictures of any size, also odd, cropped from pictures of the size `room`."""
    width, height = size.split("x")
    return pictures(frames, room).filter("crop", width, height, exact=1)


def encode_as(path: Path, source: Any, **options: Any) -> None:
    """Encode `source` with the encoder and the options that `options` name."""
    settings = {"pix_fmt": "yuv420p", "threads": 1, "fflags": "+bitexact", **options}
    run(ffmpeg.output(source, str(path), **settings))


def encoded(x264: str = "", **options: Any) -> Make:
    return lambda path: encode(path, x264, **options)


def recut(x264: str, before: dict[str, Any] | None = None, suffix: str = "", **after: Any) -> Make:
    """Return a recipe that encodes to a temporary file and copies its streams with other options."""
    return remuxed(encoded(x264), before, suffix, **after)


def remuxed(make: Make, before: dict[str, Any] | None = None, suffix: str = "", **after: Any) -> Make:
    """Return a recipe that makes a temporary file and copies its streams with other options."""

    def copied(path: Path) -> None:
        whole = path.with_name(f"whole{suffix or path.suffix}")
        make(whole)
        remux(whole, path, before=before, **after)
        whole.unlink()

    return copied


def edited(x264: str, change: Callable[[bytes], bytes], **options: Any) -> Make:
    """Return a recipe that encodes and then edits the bytes of the file."""

    def make(path: Path) -> None:
        encode(path, x264, **options)
        path.write_bytes(change(path.read_bytes()))

    return make


def concatenated(files: Sequence[Path], path: Path, **points: float) -> None:
    """Copy the streams of the files one after the other into `path`; `points` bound the last file."""
    names = path.with_name("names.txt")
    lines = [f"file {file.name}" for file in files] + [f"{name} {time}" for name, time in points.items()]
    names.write_text("\n".join(lines))
    run(ffmpeg.input(str(names), f="concat").output(str(path), c="copy", fflags="+bitexact"))
    names.unlink()


def has_sizes(*sizes: str) -> Proof:
    """Return the proof that the pictures have these sizes and no other."""
    return lambda facts: set(facts.sizes) == set(sizes)


B_FRAMES = "bframes=3:scenecut=0:b-adapt=0"
FIFTEEN = "bframes=15:b-adapt=0:b-pyramid=none:scenecut=0:weightp=0"
OPEN = "open-gop=1:keyint=12:min-keyint=6:scenecut=0:bframes=3:b-adapt=0:b-pyramid=normal:ref=4"
SHORT = "keyint=8:min-keyint=8:scenecut=0:bframes=3:b-adapt=0"
FRAGMENTS = "frag_keyframe+empty_moov+default_base_moof"
LONG = "keyint=infinite:scenecut=0:bframes=3:b-adapt=0"
