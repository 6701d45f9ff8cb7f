"""The reference names every public object."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

import kinetics_fast as kf
from support.packages import installed

DOCS = Path(__file__).parents[2] / "docs"
TABLE = re.compile(r"\.\. currentmodule:: (\S+)\n\n\.\. autosummary::\n(?:   :.*\n)+\n((?:   \w+\n)+)")
PACKAGE = Path(str(kf.__file__)).parent
INTERNAL = {"kinetics_fast.datasets.annotations", "kinetics_fast.datasets.matching"}
ALIASES = {"kinetics_fast.compat.decord.audio_reader", "kinetics_fast.compat.decord.av_reader"}


def documented() -> set[str]:
    """Return the names in the tables of the reference."""
    pages = "".join(path.read_text() for path in (DOCS / "api").glob("*.md"))
    return {f"{module}.{name}" for module, names in TABLE.findall(pages) for name in names.split()}


def lacking(module: str) -> bool:
    """Return whether a module needs a library that is not installed."""
    return module == "kinetics_fast.torch" and not installed("torch")


def public_modules() -> list[str]:
    """Return the modules that say which of their names are public."""
    found = ["kinetics_fast.errors"]
    for path in sorted(PACKAGE.rglob("*.py")):
        if "\n__all__ = " in path.read_text():
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
            if "._" not in name and name not in INTERNAL | ALIASES:
                found.append(name)
    return found


def test_the_reference_has_no_name_that_does_not_exist() -> None:
    for name in documented():
        module, _, attribute = name.rpartition(".")
        if not lacking(module):
            assert hasattr(importlib.import_module(module), attribute), name


@pytest.mark.parametrize("name", public_modules())
def test_the_reference_has_every_public_name(name: str) -> None:
    if lacking(name):
        pytest.skip("not installed")
    module = importlib.import_module(name)
    names = getattr(module, "__all__", None) or [text for text in vars(module) if text.endswith("Error")]
    own = {id(getattr(kf, public)) for public in kf.__all__}  # these are documented where users import them
    missing = [
        public
        for public in names
        if not (name != "kinetics_fast" and id(getattr(module, public)) in own)
        and not isinstance(getattr(module, public), (ModuleType, str))
        and f"{name}.{public}" not in documented()
        and not public.startswith("_")
        and "Internal: " not in str(getattr(module, public).__doc__)
    ]
    assert not missing


def test_the_readme_lists_the_pages_of_the_guide() -> None:
    readme = (DOCS.parent / "README.md").read_text()
    pages = re.findall(r"(?:^|<)(\w+)>?$", (DOCS / "guide.md").read_text(), re.MULTILINE)
    assert pages
    assert [page for page in pages if f"docs/{page}.md" not in readme] == [
        "decord_torchcodec"
    ]  # a part of migrate.md
