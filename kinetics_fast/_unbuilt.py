"""Explains why the extension is missing: Python found the source folder instead of the installed package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def explained(error: ImportError) -> ImportError:
    """Return the error to raise instead of an error of the import of the extension."""
    package = Path(__file__).parent
    if find_spec("kinetics_fast._core") is not None or not (package.parent / "CMakeLists.txt").is_file():
        return error
    return ImportError(
        f"kinetics_fast is imported from its source folder {package.parent}, whose extension is not built. "
        "To use an installed kinetics_fast, start Python in another folder. "
        "To use the source folder, run ./dev build there, then its .venv/bin/python."
    )
