"""The built extension is self-contained, and reports truly how it was built."""

from __future__ import annotations

import re
from pathlib import Path

import kinetics_fast as kf
from kinetics_fast import _core
from support import shared_object

ROOT = Path(__file__).parents[2]


def test_the_extension_exports_one_symbol_and_needs_only_the_system() -> None:
    path = Path(_core.__file__)
    assert shared_object.exported_symbols(path) == {"PyInit__core"}
    assert shared_object.complaints(path) == []


def test_the_licences_name_what_is_built() -> None:
    script = (ROOT / "cmake" / "build_ffmpeg.sh").read_text()
    sources = (ROOT / "licenses" / "SOURCES.txt").read_text()
    pins = re.findall(r"^readonly \w+_SHA256=([0-9a-f]{64})$", script, re.MULTILINE)
    assert len(pins) == 2
    assert all(pin in sources for pin in pins)


def test_build_info_says_what_was_built() -> None:
    info = kf.build_info()
    assert info["version"] == kf.__version__
    assert info["license"].startswith("LGPL")
    assert info["bundled"]
    assert info["assembly"]
    assert "--enable-gpl" not in info["configuration"]
    assert "--enable-nonfree" not in info["configuration"]


def test_the_licences_say_what_was_built() -> None:
    info = kf.build_info()
    sources = (ROOT / "licenses" / "SOURCES.txt").read_text()
    assert f"FFmpeg {info['ffmpeg']}, LGPL-2.1-or-later" in sources
    assert f"dav1d {info['dav1d']}, BSD-2-Clause" in sources
    assert f"  ./configure {info['configuration']}\n" in sources
