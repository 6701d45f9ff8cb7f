"""Measure the wall time of one call for 16 uniform frames of one video with one key frame, on all CPUs.

    python benchmarks/bench_one_video.py FOLDER [--rounds 15]

The benchmark encodes ten seconds of a video of FOLDER as H.264 of three sizes, each with a single key frame.
Frame 0, the last frame and 14 frames between them are wanted, as uint8 RGB at source size, from a path to
frames. Each peer is tried with several numbers of threads and takes part with the fastest of them. The
readers take turns. Each call reads a file with a new modification time, so that no cache of indices helps.
The table has the median of each reader, and of the ratio to kinetics_fast in the same round.
"""

from __future__ import annotations

import argparse
import importlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import numpy.typing as npt

import kinetics_fast as kf

SIZES = [(1280, 720), (1920, 1080), (340, 256)]
FRAMES = 16
TRIALS = 3  # calls for each number of threads, of which the fastest counts
Frames = npt.NDArray[np.uint8]
Read = Callable[[str, list[int]], Frames]


def ours(path: str, indices: list[int]) -> Frames:
    frames: Frames = kf.decode_clips([kf.Clip(path, indices=indices)]).frames[0]
    return frames


def decord_reader(threads: int) -> Read:
    import decord

    return lambda path, indices: decord.VideoReader(path, num_threads=threads).get_batch(indices).asnumpy()


def opencv_reader(threads: int) -> Read:
    import cv2

    def read(path: str, indices: list[int]) -> Frames:
        capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads])
        wanted, pictures = set(indices), []
        for number in range(indices[-1] + 1):
            capture.grab()
            if number in wanted:
                pictures.append(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB))
        return np.stack(pictures)

    return read


def pyav_reader(kind: str) -> Callable[[int], Read]:
    def of_threads(threads: int) -> Read:
        import av

        def read(path: str, indices: list[int]) -> Frames:
            with av.open(path) as container:
                stream: Any = container.streams.video[0]
                stream.thread_type, stream.thread_count = kind, threads
                wanted = set(indices)
                frames = enumerate(container.decode(stream))
                return np.stack([frame.to_ndarray(format="rgb24") for n, frame in frames if n in wanted])

        return read

    return of_threads


def torchcodec_reader(threads: int) -> Read:
    from torchcodec.decoders import VideoDecoder

    def read(path: str, indices: list[int]) -> Frames:
        decoder = VideoDecoder(path, num_ffmpeg_threads=threads, dimension_order="NHWC")
        frames: Frames = decoder.get_frames_at(indices).data.numpy()
        return frames

    return read


PEERS: dict[str, tuple[str, Callable[[int], Read]]] = {
    "decord": ("decord", decord_reader),
    "opencv": ("cv2", opencv_reader),
    "pyav auto": ("av", pyav_reader("AUTO")),
    "pyav frame": ("av", pyav_reader("FRAME")),
    "torchcodec": ("torchcodec.decoders", torchcodec_reader),
}


def works(module: str) -> bool:
    try:
        importlib.import_module(module)
    except Exception as error:  # a library whose FFmpeg is missing raises what it likes
        print(f"without {module}: {str(error).splitlines()[0]}", file=sys.stderr)
        return False
    return True


def seconds(read: Read, path: str, indices: list[int]) -> float:
    os.utime(path)
    begin = time.perf_counter()
    frames = read(path, indices)
    taken = time.perf_counter() - begin
    assert len(frames) == len(indices)
    return taken


def best_setting(make: Callable[[int], Read], path: str, indices: list[int]) -> tuple[int, Read]:
    """Give the number of threads with which a peer is fastest, and the reader; 0 lets the library choose."""
    cpus = len(os.sched_getaffinity(0))
    settings = sorted({0, 1, 2, cpus, cpus + 1, 2 * cpus})
    times = {n: min(seconds(make(n), path, indices) for _ in range(TRIALS)) for n in settings}
    best = min(settings, key=times.__getitem__)
    return best, make(best)


def encode(source: Path, size: tuple[int, int], target: Path) -> None:
    one_key = ["-g", "100000", "-keyint_min", "100000", "-sc_threshold", "0"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(source), "-t", "10", "-an"]
    command += [
        "-vf",
        f"scale={size[0]}:{size[1]},setsar=1",
        "-c:v",
        "libx264",
        "-bf",
        "3",
        *one_key,
        str(target),
    ]
    subprocess.run(command, check=True)


def measure(path: str, rounds: int) -> None:
    count = len(kf.Video(path))
    indices = np.linspace(0, count - 1, FRAMES).round().astype(int).tolist()
    readers: dict[str, Read] = {"kinetics_fast": ours}
    for name, (module, make) in PEERS.items():
        if not works(module):
            continue
        threads, read = best_setting(make, path, indices)
        readers[f"{name}, threads={threads or 'own choice'}"] = read
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            times[name].append(seconds(read, path, indices))
    for name, taken in times.items():
        ratios = [mine / theirs for mine, theirs in zip(times["kinetics_fast"], taken, strict=True)]
        print(f"{name:34} {1000 * statistics.median(taken):8.1f} ms {statistics.median(ratios):8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", type=Path, help="videos, searched recursively; the largest file is encoded anew"
    )
    parser.add_argument("--rounds", type=int, default=15, help="turns per reader (%(default)s)")
    arguments = parser.parse_args()
    videos = [path for path in arguments.folder.rglob("*") if path.suffix in {".mp4", ".mkv"}]
    if not videos:
        raise SystemExit(f"{arguments.folder} has no MP4 or Matroska file")
    source = max(videos, key=lambda path: path.stat().st_size)
    with tempfile.TemporaryDirectory() as folder:
        for width, height in SIZES:
            path = Path(folder) / f"{width}x{height}.mp4"
            encode(source, (width, height), path)
            cpus = len(os.sched_getaffinity(0))
            print(f"\n{width}x{height}, {cpus} CPUs: median, time of kinetics_fast / time of this reader")
            measure(str(path), arguments.rounds)


if __name__ == "__main__":
    main()
