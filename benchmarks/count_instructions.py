"""Counts the instructions of fixed work with callgrind. Unlike times, counts do not depend on other load.

    python benchmarks/count_instructions.py --old OLD/.venv/bin/python --new .venv/bin/python FOLDER
    python benchmarks/count_instructions.py --new .venv/bin/python FOLDER          one build alone

A Python stands for the tree whose kinetics_fast it imports. The core of each tree is built with the flags
of a release but with symbols, in the user's cache (minutes, once for each tree). The work, on one thread: of
every video in FOLDER a window of 16 frames with stride 8 and one of 32 with stride 2, at source size and as
training samples; the index of every video; an index to its saved form and back. Start-up is not counted: a
small library tells callgrind where each item begins and ends. FFmpeg is counted apart.

Then the kernels alone: kf_kernels, function by function. A renamed function is recognised by its count.

valgrind has no AVX-512, so the best kernels that it runs are those of AVX2. Its counts say nothing of caches.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv"}
KERNEL_SETS = ("portable", "best")
OURS, FFMPEG, REST = "kinetics_fast", "FFmpeg and dav1d", "Python and libraries"
NEGLIGIBLE = 0.001  # of what is counted: a function below it is not shown

Counts = Counter[tuple[str, str]]  # instructions by object and function

MARKS = """
#include <valgrind/callgrind.h>
void zero(void) { CALLGRIND_ZERO_STATS; }
void dump(const char *name) { CALLGRIND_DUMP_STATS_AT(name); }
"""


@dataclass(frozen=True)
class Build:
    """A tree's Python and core; what is run under callgrind."""

    python: Path
    extension: Path
    kernels: Path


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", type=Path, help="the videos, searched recursively")
    add("--new", type=Path, default=Path(sys.executable), help="the Python of the tree (this one)")
    add("--old", type=Path, help="the Python of the tree to compare with")
    add("--repetitions", type=int, default=1, help="how often each item is counted (%(default)s)")
    add("--functions", action="store_true", help="show our functions of every item, not of the kernels alone")
    return parser.parse_args()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def cache(name: str) -> Path:
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "kinetics_fast" / "counting" / name


def output_of(python: Path, *arguments: str) -> str:
    return subprocess.run([python, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def build(python: Path) -> Build:
    """Build the core of a tree with the flags of Release, but keep the symbols."""
    python = python.absolute()
    tree = Path(output_of(python, "-c", "import kinetics_fast; print(kinetics_fast.__file__)")).parents[1]
    folder = cache(hashlib.sha256(str(tree).encode()).hexdigest()[:12])
    environment = {**os.environ, "PATH": f"{python.parent}:{os.environ['PATH']}"}
    say(f"building {tree} in {folder}")
    for name, target, options in (("core", "_core", ()), ("kernels", "kf_kernels", ("-DKF_BENCHMARKS=ON",))):
        configure: list[str | Path] = ["cmake", "-S", tree, "-B", folder / name, "-G", "Ninja", *options]
        configure += ["-DCMAKE_BUILD_TYPE=Counting", "-DCMAKE_CXX_FLAGS_COUNTING=-O3 -DNDEBUG"]
        configure += ["-DCMAKE_STRIP=true", f"-DPython_EXECUTABLE={python}"]
        configure += [f"-Dpybind11_DIR={output_of(python, '-m', 'pybind11', '--cmakedir')}"]
        make: list[str | Path] = ["ninja", "-C", folder / name, target]
        for command in (configure, make):
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"{done.stdout}{done.stderr}{tree} cannot be built")
    (extension,) = (folder / "core" / "csrc").glob("_core*.so")
    return Build(python, extension, folder / "kernels" / "kf_kernels")


def build_marks(folder: Path) -> Path:
    library = folder / "marks.so"
    command = ["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(library)]
    subprocess.run(command, input=MARKS, text=True, check=True)
    return library


def read_counts(path: Path) -> Counts:
    """Instructions of each function itself, of one file that callgrind wrote."""
    counts: Counts = Counter()
    names: dict[tuple[str, str], str] = {}
    current = {"ob": "", "fn": ""}
    calls = False
    for line in path.read_text().splitlines():
        if match := re.match(r"(c?)(ob|fn)=\((\d+)\)(?: (.*))?$", line):
            called, kind, number, name = match.groups()
            if name:
                names[kind, number] = name
            if not called:
                current[kind] = names[kind, number]
        elif line.startswith("calls="):
            calls = True  # the next line has what the callee took
        elif re.match(r"[+*\-\d]", line):
            if not calls:
                counts[current["ob"], current["fn"]] += int(line.split()[1])
            calls = False
    return counts


def callgrind(folder: Path, command: list[object], **variables: str) -> dict[str, Counts]:
    """Return the counts of a command by the names of its dumps; those after the last dump have no name."""
    out = folder / "callgrind.out"
    valgrind = ["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={out}"]
    environment = {**os.environ, "PYTHONHASHSEED": "0", **variables}
    words = [*valgrind, *map(str, command)]
    subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=True)
    dumps = {}
    for path in sorted(folder.glob("callgrind.out*")):
        named = re.search(r"^desc: Trigger: Client Request: (.*)$", path.read_text(), re.MULTILINE)
        dumps[named[1] if named else ""] = read_counts(path)
        path.unlink()
    return dumps


def count(build: Build, videos: list[Path], repetitions: int) -> dict[str, Counts]:
    """Count the items of counted_work.py, then kf_kernels with each set of kernels."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        say(f"counting the work of {build.python}")
        work = [build.python, HERE / "counted_work.py", build_marks(folder), repetitions, *videos]
        paths = {"PYTHONPATH": str(HERE.parent / "fuzz"), "KF_CORE": str(build.extension)}
        counts = callgrind(folder, work, **paths)
        del counts[""]
        for kernels in KERNEL_SETS:
            say(f"counting the kernels of {build.python}: {kernels}")
            only = "--toggle-collect=kf::*Converter::convert*"  # not what makes the pictures
            counts[f"kf_kernels {kernels}"] = callgrind(folder, [only, build.kernels, kernels, 1])[""]
    return counts


def is_ours(binary: str, function: str) -> bool:
    """C++ in our own file; FFmpeg and dav1d are C and assembly."""
    return Path(binary).name.startswith(("_core", "kf_kernels")) and bool(re.search(r"::|\(", function))


def shares(counts: Counts) -> Counter[str]:
    parts: Counter[str] = Counter()
    for (binary, function), instructions in counts.items():
        in_core = Path(binary).name.startswith("_core")
        parts[OURS if is_ours(binary, function) else FFMPEG if in_core else REST] += instructions
    return parts


def our_functions(counts: Counts) -> Counter[str]:
    """Our functions by their names without namespaces and parameters."""
    functions: Counter[str] = Counter()
    for (binary, function), instructions in counts.items():
        if is_ours(binary, function):
            plain = function.replace("(anonymous namespace)::", "")
            functions[re.sub(r"\b[a-z_]+::|\(.*", "", plain)] += instructions
    least = NEGLIGIBLE * functions.total()
    return Counter({name: count for name, count in functions.items() if count >= least})


def pairs(old: Counter[str], new: Counter[str]) -> list[tuple[str, int, int]]:
    """Functions of both builds: equal names, then new names with an old one's count, then what is left."""
    rows = [(name, old[name], new[name]) for name in old.keys() & new.keys()]
    gone = {name: old[name] for name in old.keys() - new.keys()}
    for name, instructions in Counter({name: new[name] for name in new.keys() - old.keys()}).most_common():
        nearest = min(gone, key=lambda other: abs(gone[other] - instructions), default=None)
        if nearest is not None and abs(gone[nearest] / instructions - 1) < 0.01:
            rows.append((f"{name}, was {nearest}", gone.pop(nearest), instructions))
        else:
            rows.append((name, 0, instructions))
    rows += [(f"{name}, gone", instructions, 0) for name, instructions in gone.items()]
    return sorted(rows, key=lambda row: -max(row[1:]))


def print_row(name: str, old: int, new: int) -> None:
    ratio = f"{new / old:>9.4f}" if old and new else f"{'-':>9}"
    print(f"  {name[:76]:<76}{old:>18,}{new:>18,}{ratio}")


def print_item(name: str, old: Counts, new: Counts, functions: bool) -> None:
    print(f"\n{name:<78}{'old':>18}{'new':>18}{'ratio':>9}")
    before, after = shares(old), shares(new)
    for part in (OURS, FFMPEG, REST):
        if after[part] or before[part]:
            print_row(part, before[part], after[part])
    print_row("together", before.total(), after.total())
    for row in pairs(our_functions(old), our_functions(new)) if functions else ():
        print_row(f"  {row[0]}", *row[1:])


def main() -> None:
    arguments = parse_arguments()
    videos = sorted(path for path in arguments.folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    new_build = build(arguments.new)
    old_build = build(arguments.old) if arguments.old else None
    new = count(new_build, videos, arguments.repetitions)
    old = count(old_build, videos, arguments.repetitions) if old_build else {}
    for name, counts in new.items():
        print_item(
            name, old.get(name, Counter()), counts, arguments.functions or name.startswith("kf_kernels")
        )


if __name__ == "__main__":
    main()
