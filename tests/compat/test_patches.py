"""Drop-ins that replace names of a module of the peer."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from kinetics_fast import compat
from kinetics_fast.compat import finder, registry


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Make a peer `peer_of_test.io`, and a drop-in that replaces its function `read`."""
    package = tmp_path / "peer_of_test"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "io.py").write_text("def read(): return 'theirs'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    drop_in = types.ModuleType("drop_in_of_test")

    def patch(peer: types.ModuleType) -> object:
        old = peer.read
        peer.read = lambda: "ours"  # type: ignore[attr-defined]
        return lambda: setattr(peer, "read", old)

    drop_in.patch = patch  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "drop_in_of_test", drop_in)
    monkeypatch.setitem(registry.DROP_INS, "peer_of_test.io", registry.Patch("drop_in_of_test"))
    yield
    compat.uninstall()
    for name in finder.loaded_modules("peer_of_test"):
        del sys.modules[name]


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("loaded_before", [False, True])
def test_a_patch_is_applied_to_a_module_whenever_it_is_loaded(*, loaded_before: bool) -> None:
    if loaded_before:
        importlib.import_module("peer_of_test.io")
    compat.install("peer_of_test.io")
    module = importlib.import_module("peer_of_test.io")
    assert module.read() == "ours"
    assert module.__spec__ is not None
    assert module.__spec__.loader is module.__loader__
    assert importlib.util.find_spec("peer_of_test.io") is not None
    compat.uninstall("peer_of_test.io")
    assert module.read() == "theirs"
