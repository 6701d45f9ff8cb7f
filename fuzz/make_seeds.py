"""Writes the seeds of the targets: the test videos again, tiny, and what our own parsers read of them.

    PYTHONPATH=tests .venv/bin/python fuzz/make_seeds.py FOLDER

writes FOLDER/decode, FOLDER/frame_index and FOLDER/packet. A recipe of the tests says what is awkward in a
video; its pictures are made few and small here, so that an input takes milliseconds. Of a video that needs
more than that there are the first packets.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import ffmpeg

import kinetics_fast as kf
from videos import ffmpeg_cli, media, recipes, vc1_headers

USUAL, SMALL = "128x96", "48x32"
# The first that a recipe works with and that is small enough: several key frames where that can be.
ATTEMPTS = [(14, SMALL), (14, USUAL), (6, SMALL), (6, USUAL), (2, USUAL)]
LARGEST = 24_000  # bytes of a seed: what libFuzzer is told not to exceed, it would cut the rest off
# In the order of packet_target.cpp.
CODECS = ["h264", "hevc", "vp6", "vp6a", "vp8", "vp9", "av1", "mpeg1video", "mpeg2video", "mpeg4"]
CODECS += ["vc1", "wmv3", "wmv2", "wmv1", "msmpeg4v1", "msmpeg4v2", "h263", "flv1", "mjpeg", "rawvideo"]


class SmallPictures:
    """Stands in for `recipes.pictures` everywhere: fewer pictures than a recipe asks for, and smaller."""

    def __init__(self) -> None:
        self.frames, self.size = ATTEMPTS[0]
        self.pictures = recipes.pictures
        for module in list(sys.modules.values()):
            if getattr(module, "pictures", None) is self.pictures:
                module.pictures = self  # type: ignore[attr-defined]

    def __call__(self, frames: int = 14, size: str = USUAL, seed: int = 7) -> Any:
        smaller = self.size if size == USUAL else size if self.size == USUAL else "32x32"
        return self.pictures(min(frames, self.frames), smaller, seed)


def write_video(name: str, folder: Path, pictures: SmallPictures) -> Path | None:
    """Make a test video of few and small pictures, or of its first ones where the recipe needs them all."""
    path = folder / name
    for pictures.frames, pictures.size in ATTEMPTS:
        try:
            media.RECIPES[name].make(path)
        except Exception:  # whatever it is that a few small pictures cannot give
            continue
        if path.stat().st_size <= LARGEST:
            return path
    for frames in (20, 10, 6, 3, 1):
        first: dict[str, Any] = {"map": "0:V:0", "frames:v": frames}
        ffmpeg_cli.remux(media.make(name), path, **first)
        if path.stat().st_size <= LARGEST:
            return path
    print(f"left out: {name}")
    path.unlink()
    return None


def packets_of(video: Path) -> list[bytes]:
    """Return the packets of the first video stream as the container stores them."""
    copy = {"map": "0:V:0", "c": "copy", "copyinkf": None}
    source = ffmpeg.input(str(video))
    data, _ = ffmpeg_cli.run(source.output("pipe:", format="data", **copy))
    table, _ = ffmpeg_cli.run(source.output("pipe:", format="framecrc", **copy))
    packets, at = [], 0
    for size in re.findall(rb"^0,[^,]*,[^,]*,[^,]*, *(\d+),", table, re.MULTILINE):
        packets.append(data[at : at + int(size)])
        at += int(size)
    return packets


def short_units(packet: bytes) -> bytes:
    """Return a packet's NAL units behind lengths of one byte, long ones cut short."""
    units, at = [], 0
    while at + 4 <= len(packet):
        size = int.from_bytes(packet[at : at + 4], "big")
        units.append(packet[at + 4 : at + 4 + min(size, 200)])
        at += 4 + size
    return b"".join(bytes([len(unit)]) + unit for unit in units)


def headers_of(codec: str, packet: bytes) -> bytes:
    """Return what stands beside the packets, roughly; `packet` is the first."""
    if codec in ("h264", "hevc"):
        return short_units(packet)
    return {"vc1": packet[:60], "wmv3": vc1_headers.Sequence().beside()}.get(codec, b"")


def write_packets(video: Path, codec: str, folder: Path) -> None:
    packets = packets_of(video)
    parts = [part[:400] for part in (headers_of(codec, packets[0]), *packets[:6])]
    content = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    (folder / video.name).write_bytes(bytes([CODECS.index(codec), 4]) + content)


def main(root: Path) -> None:
    videos, indices, packets = folders = [root / target for target in ("decode", "frame_index", "packet")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    pictures = SmallPictures()
    for path in filter(None, [write_video(name, videos, pictures) for name in media.NAMES]):
        try:
            _, index = kf.Video(path).__getstate__()
        except kf.Error as error:
            print(f"not read: {path.name} ({error})")
            continue
        (indices / path.name).write_bytes(index.pack())
        if index.codec in CODECS:
            write_packets(path, index.codec, packets)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
