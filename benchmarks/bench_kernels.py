"""Measure the conversion of decoded pictures: our kernels, their scalar twins, swscale, OpenCV and torch.

kf_kernels (kernels.cpp) measures our kernels, and how long memset takes for the same buffer. The peers
convert pictures of the same sizes and kind to the same normalised float32 (3, 16, 224, 224) on one thread.
All competitors take turns.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from conversions import FRAMES, DecodedClip
from report import write_report
from runner import find_program, say, working

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LIBRARIES = ("swscale", "opencv", "torch")
KERNELS = ("best", "portable")
REPEATS = 9

Case = dict[str, Any]
Pipelines = dict[str, "Callable[[], None]"]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--rounds", type=int, default=5, help="turns of every competitor (%(default)s)")
    add("--program", type=Path, help="path of the kf_kernels program (the newest under build/)")
    add("--peers", nargs="*", default=LIBRARIES, choices=LIBRARIES, help="libraries to compare with")
    add("--json", type=Path, help="also write every measurement to this file")
    return parser.parse_args()


def run_kernels(program: Path, kernel: str) -> list[Case]:
    cases: list[Case] = json.loads(subprocess.run([program, kernel], capture_output=True, check=True).stdout)
    return cases


def merge_rounds(rounds: Sequence[Sequence[Case]]) -> list[Case]:
    """Give each case with the median over the rounds of every measured value."""
    measured = ("ms", "memset_ms", "memset_ratio", "output_gb_s", "input_gb_s")
    return [
        {**same_case[0], **{key: median(case[key] for case in same_case) for key in measured}}
        for same_case in zip(*rounds, strict=True)
    ]


def peers_do(case: Case) -> bool:
    """Tell whether the peers take part. They do not antialias, and bench_clips.py measures 8-bit frames."""
    return case["pixels"] == "float32 CTHW" and not case["antialias"]


def milliseconds_a_frame(convert: Callable[[], None]) -> float:
    times = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        convert()
        times.append(time.perf_counter() - begin)
    return 1000 * median(times) / FRAMES


def prepare(cases: Sequence[Case], libraries: Sequence[str]) -> dict[str, dict[str, Pipelines]]:
    """Make the pipelines by case and library, and run each once, so that the clock includes no set-up."""
    pipelines: dict[str, dict[str, Pipelines]] = {}
    for case in filter(peers_do, cases):
        clip = DecodedClip(case["width"], case["height"], tuple(case["box"]))
        pipelines[case["name"]] = {
            library: importlib.import_module(f"conversions.{library}").pipelines(clip)
            for library in libraries
        }
        for ways in pipelines[case["name"]].values():
            for convert in ways.values():
                convert()
    return pipelines


def print_kernels(kernels: Mapping[str, Sequence[Case]]) -> None:
    print(f"\n{'':<26}{'ms per frame':>22}{'memset':>10}{'ours vs':>9}{'GB/s':>8}{'GB/s':>8}")
    print(f"{'one thread':<26}{'best':>11}{'portable':>11}{'ms':>10}{'memset':>9}{'out':>8}{'in':>8}")
    for best, portable in zip(kernels["best"], kernels["portable"], strict=True):
        rates = f"{best['memset_ratio']:>9.1f}{best['output_gb_s']:>8.2f}{best['input_gb_s']:>8.2f}"
        times = f"{best['ms']:>11.4f}{portable['ms']:>11.4f}{best['memset_ms']:>10.4f}"
        print(f"{best['name']:<26}{times}{rates}")


def print_peers(cases: Sequence[Case], peers: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """Print the pipelines of each library, with their time as a multiple of ours."""
    print(f"\n{'float32 (3, T, 224, 224)':<26}{'':<36}{'ms/frame':>12}{'vs ours':>9}")
    for case in cases:
        if case["name"] not in peers:
            continue
        print(f"{case['name']:<26}{'kinetics_fast':<36}{case['ms']:>12.4f}{1:>9.2f}")
        for ways in peers[case["name"]].values():
            for way, ms in sorted(ways.items(), key=lambda item: item[1]):
                print(f"{'':<26}{way:<36}{ms:>12.4f}{ms / case['ms']:>9.2f}")


def main() -> None:
    arguments = parse_arguments()

    program = find_program("kf_kernels", arguments.program)
    libraries = working(arguments.peers, "conversions")
    pipelines = prepare(run_kernels(program, "best"), list(libraries))

    runs: dict[str, list[list[Case]]] = {kernel: [] for kernel in KERNELS}
    times: dict[tuple[str, str, str], list[float]] = {}
    for number in range(arguments.rounds):
        say(f"  round {number + 1} of {arguments.rounds}")
        for kernel in KERNELS:
            runs[kernel].append(run_kernels(program, kernel))
        for name, by_library in pipelines.items():
            for library, ways in by_library.items():
                for way, convert in ways.items():
                    times.setdefault((name, library, way), []).append(milliseconds_a_frame(convert))

    kernels = {kernel: merge_rounds(rounds) for kernel, rounds in runs.items()}
    peers: dict[str, dict[str, dict[str, float]]] = {}
    for (name, library, way), rounds in times.items():
        peers.setdefault(name, {}).setdefault(library, {})[way] = median(rounds)
    print_kernels(kernels)
    print_peers(kernels["best"], peers)
    if arguments.json:
        measured = {"peers": libraries, "kernels": kernels, "peer_ms_a_frame": peers}
        write_report(arguments.json, vars(arguments), measured)


if __name__ == "__main__":
    main()
