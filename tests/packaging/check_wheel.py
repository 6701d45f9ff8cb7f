"""Check wheels: size, exported symbols, needed libraries, licences, and that no other library is inside.

Usage: check_wheel.py WHEEL...
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from support.shared_object import complaints

MAX_BYTES = 8_000_000
LICENCES = {
    "LICENSE",
    "FFmpeg-COPYING.LGPLv2.1.txt",
    "FFmpeg-LICENSE.md",
    "dav1d-COPYING.txt",
    "pybind11-LICENSE.txt",
    "SOURCES.txt",
}
REQUIRED = {"kinetics_fast/__init__.py", "kinetics_fast/_core.pyi", "kinetics_fast/py.typed"}


def check(wheel: Path) -> list[str]:
    """Return the faults of the wheel."""
    found = []
    if (size := wheel.stat().st_size) >= MAX_BYTES:
        found.append(f"it has {size} bytes, the limit is {MAX_BYTES}")
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        names = set(archive.namelist())
        licences = {PurePosixPath(name).name for name in names if ".dist-info/licenses/" in name}
        if missing := LICENCES - licences | REQUIRED - names:
            found.append(f"it lacks {sorted(missing)}")
        objects = [name for name in names if ".so" in PurePosixPath(name).suffixes]
        if len(objects) != 1 or not objects[0].startswith("kinetics_fast/_core."):
            return [*found, f"its shared objects are {sorted(objects)}, not the extension alone"]
        return found + complaints(Path(archive.extract(objects[0], folder)))


def main() -> None:
    """Check each wheel on the command line."""
    failed = False
    for wheel in map(Path, sys.argv[1:]):
        found = check(wheel)
        failed = failed or bool(found)
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB: {'; '.join(found) or 'good'}")
    sys.exit(failed or len(sys.argv) < 2)


if __name__ == "__main__":
    main()
