"""Compare our pixels with ffmpeg's best RGB resized by torch: the PSNR for every video of a folder.

ffmpeg converts whole frames to RGB with interpolated chroma, and torch's `interpolate` resizes the middle
square to 224 x 224. kinetics_fast resizes the planes and converts the output pixels. Colour edges differ a
little, because kinetics_fast filters chroma once and not twice. The benchmark needs torch and imageio-ffmpeg.
"""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import imageio_ffmpeg
import numpy as np
import torch
from torch.nn.functional import interpolate

import kinetics_fast as kf

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = 224
FRAMES = (5, 50, 90)
BEST_RGB = "scale=sws_flags=full_chroma_int+accurate_rnd:in_h_chr_pos=0:in_v_chr_pos=128,format=rgb24"
MODES: tuple[Literal["bilinear", "bicubic"], ...] = ("bilinear", "bicubic")
KERNELS = [(mode, antialias) for mode in MODES for antialias in (False, True)]


def ffmpeg_rgb(path: Path, video: kf.Video) -> NDArray[np.uint8]:
    """Return some frames as ffmpeg's most careful conversion gives them."""
    chosen = "+".join(f"eq(n,{number})" for number in FRAMES)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-map", "0:V:0"]
    command += ["-vf", f"select='{chosen}',{BEST_RGB}", "-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(data, np.uint8).reshape(len(FRAMES), video.height, video.width, 3)


def decibels(path: Path, video: kf.Video) -> list[float]:
    """Return the PSNR for each kernel."""
    side = min(video.width, video.height)
    x, y = (video.width - side) // 2, (video.height - side) // 2
    square = ffmpeg_rgb(path, video)[:, y : y + side, x : x + side].astype(np.float32)
    theirs = torch.from_numpy(square).permute(0, 3, 1, 2)
    clip = kf.Clip(video, indices=FRAMES, box=(x, y, side, side))
    result = []
    for mode, antialias in KERNELS:
        resized = interpolate(theirs, (SIZE, SIZE), mode=mode, align_corners=False, antialias=antialias)
        batch = kf.decode_clips(
            [clip], SIZE, layout="TCHW", dtype="float32", interpolation=mode, antialias=antialias
        )
        error = np.square(batch.frames[0] * 255 - resized.clamp(0, 255).numpy(), dtype=np.float64).mean()
        result.append(10 * np.log10(255**2 / error))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="videos, searched recursively")
    names = [f"{mode}{' antialias' if antialias else ''}" for mode, antialias in KERNELS]
    print("dB".ljust(28), *(name.rjust(18) for name in names))
    for path in sorted(parser.parse_args().folder.rglob("*.m*")):
        try:
            video = kf.Video(path)
        except kf.Error:
            continue
        if len(video) > max(FRAMES):
            print(path.name.ljust(28), *(f"{value:18.1f}" for value in decibels(path, video)))


if __name__ == "__main__":
    main()
