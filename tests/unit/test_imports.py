"""Modules of the package import what they use from where it is defined, never from the root package."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kinetics_fast

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(kinetics_fast.__file__).parent
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
DROP_INS = [module for module in MODULES if module.startswith("compat/")]


def from_root(source: str) -> Iterator[str]:
    """Yield what a module imports from the root package."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name == "kinetics_fast")
        elif isinstance(node, ast.ImportFrom) and node.module == "kinetics_fast":
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("module", [module for module in MODULES if module not in ("__init__.py", *DROP_INS)])
def test_only_the_extension_is_imported_from_the_root(module: str) -> None:
    assert set(from_root((PACKAGE / module).read_text())) <= {"_core"}


@pytest.mark.parametrize("module", DROP_INS)
def test_drop_ins_use_public_names_only(module: str) -> None:
    private = re.compile(r"(?:kinetics_fast(?!\.compat)|kf)\.(?:\w+\.)*_[a-z]\w*|import _[a-z]\w*")
    assert not private.findall((PACKAGE / module).read_text())
