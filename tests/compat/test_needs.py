"""Importing a drop-in imports NumPy alone, whatever else is installed."""

from __future__ import annotations

from pathlib import Path

import kinetics_fast.compat
from support.child import Child

FOLDER = Path(kinetics_fast.compat.__file__).parent

NAMES = {path.stem for path in FOLDER.iterdir() if not path.stem.startswith(("_", "."))}
SOURCE = """
import importlib, sys
import numpy
before = set(sys.modules)
for name in sys.argv[1:]:
    importlib.import_module(f"kinetics_fast.compat.{name}")
new = {name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names
print(sorted(name for name in new if not name.lstrip("_").startswith(("kinetics_fast", "numpy"))))
"""


def test_importing_every_drop_in_imports_numpy_alone(child: Child) -> None:
    assert {"decord", "opencv", "torchvision", "mmaction2"} <= NAMES
    assert child(SOURCE, *sorted(NAMES)) == "[]\n"


def test_importing_the_package_imports_no_drop_in(child: Child) -> None:
    source = (
        "import sys, kinetics_fast\nprint([name for name in sys.modules if 'kinetics_fast.compat' in name])"
    )
    assert child(source) == "[]\n"
