"""Reads the exported symbols and needed libraries of a shared object, and checks those of the extension."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

EXPORTED = {"PyInit__core"}
# libpthread and libdl are empty since glibc 2.34, but older systems need them.
ALLOWED = re.compile(r"(libc|libm|libstdc\+\+|libgcc_s|ld-linux-[a-z0-9_-]+|libpthread|libdl)\.so\.\d+")


def readelf(option: str, path: Path) -> list[str]:
    """Return the lines that `readelf` prints about the file."""
    command = ["readelf", "--wide", option, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def exported_symbols(path: Path) -> set[str]:
    """Return the dynamic symbols that the file defines."""
    rows = (line.split() for line in readelf("--dyn-syms", path))
    symbols = [row for row in rows if len(row) >= 8 and row[0][:-1].isdigit()]
    return {row[7].partition("@")[0] for row in symbols if row[6] != "UND"}


def needed_libraries(path: Path) -> set[str]:
    """Return the names of the libraries that the dynamic loader must find."""
    found = (re.search(r"\(NEEDED\).*\[(.+)\]", line) for line in readelf("--dynamic", path))
    return {match[1] for match in found if match}


def complaints(path: Path) -> list[str]:
    """Return what is wrong with the extension module, an empty list if it is self-contained."""
    found = []
    if (exported := exported_symbols(path)) != EXPORTED:
        found.append(f"it exports {sorted(exported)}")
    if strange := {name for name in needed_libraries(path) if not ALLOWED.fullmatch(name)}:
        found.append(f"it needs {sorted(strange)}")
    return found
