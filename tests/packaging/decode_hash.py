"""Print the sha256 of all decoded planes of a file; without peers, fail if another FFmpeg is loaded.

Usage: decode_hash.py [--before PEER | --after PEER | --global]... FILE
A peer is a package with its own FFmpeg, imported before or after kinetics_fast. --global loads extensions
with RTLD_GLOBAL.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import sys
from pathlib import Path


def mapped_ffmpegs() -> set[str]:
    """Return the FFmpeg libraries that are mapped into this process."""
    files = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line}
    return {name for name in files if Path(name).name.startswith(("libav", "libsw", "libdav1d"))}


def main() -> None:
    """Decode the file as the command line requests."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", action="append", default=[])
    parser.add_argument("--after", action="append", default=[])
    parser.add_argument("--global", action="store_true", dest="is_global")
    parser.add_argument("file")
    options = parser.parse_args()
    if options.is_global:
        sys.setdlopenflags(os.RTLD_GLOBAL | os.RTLD_NOW)
    for peer in options.before:
        importlib.import_module(peer)
    import kinetics_fast as kf

    for peer in options.after:
        importlib.import_module(peer)
    video = kf.Video(options.file)
    digest = hashlib.sha256()
    for planes in video.planes(range(len(video))):
        for plane in planes:
            digest.update(repr((plane.shape, plane.dtype.str)).encode())
            digest.update(plane.tobytes())
    if not (options.before or options.after) and (found := mapped_ffmpegs()):
        sys.exit(f"another FFmpeg is mapped: {sorted(found)}")
    print(digest.hexdigest())


if __name__ == "__main__":
    main()
