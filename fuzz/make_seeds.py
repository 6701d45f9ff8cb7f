"""Writes the seeds of the targets: the test videos again, tiny, and what our own parsers read of them.

    PYTHONPATH=tests .venv/bin/python fuzz/make_seeds.py FOLDER

writes FOLDER/decode, FOLDER/frame_index and FOLDER/h264_packet.
A recipe of the tests says what is awkward in a video; its pictures are made few and small here, so that an
input takes milliseconds. A recipe that needs more pictures than that is left out and named.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import media
import recipes
from ffmpeg_cli import read_packets

import kinetics_fast as kf

FRAMES, SIZE = 14, "48x32"
LARGEST = 24 * 1024  # bytes of a seed
FORMATS = ["yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "gray", "gray10le", "gbrp"]


def shrink_recipes() -> None:
    """Give every recipe fewer and smaller pictures than it asks for."""
    large = recipes.pictures

    def small(frames: int = FRAMES, size: str = SIZE, seed: int = 7) -> Any:
        return large(min(frames, FRAMES), SIZE if size == "128x96" else "32x32", seed)

    for module in list(sys.modules.values()):
        if getattr(module, "pictures", None) is large:
            module.pictures = small  # type: ignore[attr-defined]


def write_video(name: str, folder: Path) -> Path | None:
    path = folder / name
    try:
        media.RECIPES[name].make(path)
    except Exception as error:  # whatever it is that fourteen small pictures cannot give
        print(f"left out: {name} ({type(error).__name__})")
    else:
        if path.stat().st_size <= LARGEST:
            return path
        print(f"left out: {name} ({path.stat().st_size} bytes)")
    path.unlink(missing_ok=True)
    return None


def write_index(video: Path, folder: Path) -> None:
    try:
        _, index = kf.Video(video).__getstate__()
    except kf.Error:
        return
    (folder / video.name).write_bytes(index.pack())


def write_packets(video: Path, folder: Path) -> None:
    """Write the first packets with their NAL units behind lengths of one byte, long ones cut short."""
    for number, packet in enumerate(read_packets(video)[:3]):
        units = [nal.data[:200] for nal in packet.nals]
        content = b"".join(bytes([len(unit)]) + unit for unit in units)
        (folder / f"{video.stem}-{number}").write_bytes(content)


def main(root: Path) -> None:
    folders = [root / target for target in ("decode", "frame_index", "h264_packet")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    shrink_recipes()
    width, height = map(int, SIZE.split("x"))
    for pix_fmt in FORMATS:
        shutil.copy(media.noise(width, height, pix_fmt), folders[0] / f"{pix_fmt}.mp4")
    for name in media.NAMES:
        video = write_video(name, folders[0])
        if video is None:
            continue
        write_index(video, folders[1])
        if video.suffix in (".mp4", ".mkv"):
            write_packets(video, folders[2])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
