"""The site that `./dev docs` has built has every public name, every command and every example."""

from __future__ import annotations

import pytest
from docs.test_reference import DOCS, documented

from kinetics_fast.cli.app import COMMANDS

SITE = DOCS.parent / "build" / "docs"
pytestmark = pytest.mark.skipif(not (SITE / "objects.inv").exists(), reason="./dev docs builds the site")


def test_the_inventory_has_every_public_name() -> None:
    inventory = pytest.importorskip("sphinx.util.inventory")
    with (SITE / "objects.inv").open("rb") as file:
        found = inventory.InventoryFile.load(file, "", "/".join)
    names = {name for kind, entries in found.items() if kind.startswith("py:") for name in entries}
    assert documented() - names == set()


def test_every_command_and_every_example_has_its_place() -> None:
    commands = (SITE / "commands.html").read_text()
    assert all(f'id="kinetics-fast-{name}"' in commands for name in COMMANDS)
    examples = {path.stem for path in (DOCS.parent / "examples").glob("*.py")}
    assert {path.stem for path in (SITE / "gallery").glob("*.html")} >= examples


def test_every_example_ran_and_its_page_has_the_output() -> None:
    not_run = ("moving_shapes", "ray_training", "train")
    for path in (DOCS.parent / "examples").glob("*.py"):
        page = (SITE / "gallery" / f"{path.stem}.html").read_text()
        assert ("sphx-glr-script-out" in page) == (path.stem not in not_run), path
