"""The machinery below `install`: a finder on `sys.meta_path` that gives drop-ins for the imitated names.

An aliased module is in `sys.modules` under both of its names, and keeps its own `__name__` and `__spec__`.
Its objects are therefore pickled under the name ``kinetics_fast.compat...``, which every process can
import.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

from kinetics_fast.compat.registry import Alias, Patch

_PACKAGE = "kinetics_fast.compat"


@dataclass
class _Installed:
    """One installed drop-in, and what `uninstall` has to put back."""

    drop_in: Alias | Patch
    replaced: dict[str, ModuleType] = field(default_factory=dict)
    undo: Callable[[], None] | None = None


_installed: dict[str, _Installed] = {}


def installed() -> list[str]:
    """Return the names of the installed drop-ins."""
    return list(_installed)


def loaded_modules(name: str) -> list[str]:
    """Return the names of the modules that are loaded as `name`, or as its submodules."""
    return [module for module in list(sys.modules) if module == name or module.startswith(name + ".")]


def install(name: str, drop_in: Alias | Patch) -> None:
    """Install one drop-in that is not installed yet."""
    this = _Installed(drop_in)
    if isinstance(drop_in, Alias):
        this.replaced = {module: sys.modules.pop(module) for module in loaded_modules(name)}
    elif name in sys.modules:
        this.undo = _patch(drop_in, sys.modules[name])
    _installed[name] = this
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def uninstall(name: str) -> None:
    """Undo the installation of one drop-in, if it is installed."""
    this = _installed.pop(name, None)
    if this is None:
        return
    if isinstance(this.drop_in, Alias):
        for module in loaded_modules(name):
            del sys.modules[module]
        sys.modules.update(this.replaced)
    elif this.undo is not None:
        this.undo()
    if not _installed:
        sys.meta_path.remove(_FINDER)


def _patch(drop_in: Patch, peer: ModuleType) -> Callable[[], None]:
    undo: Callable[[], None] = importlib.import_module(drop_in.module).patch(peer)
    return undo


class _Finder(MetaPathFinder):
    """Finds the installed drop-ins, before any other finder is asked."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        this = _installed.get(fullname)
        if this is not None and isinstance(this.drop_in, Patch):
            return _patching_spec(this, fullname, path, target)
        root = _installed.get(fullname.partition(".")[0])
        return _alias_spec(fullname) if root is not None and isinstance(root.drop_in, Alias) else None


_FINDER = _Finder()


def _alias_spec(fullname: str) -> ModuleSpec:
    ours = find_spec(f"{_PACKAGE}.{fullname}")
    if ours is None:
        root = fullname.partition(".")[0]
        raise ModuleNotFoundError(
            f"No module named {fullname!r}: {root} is the drop-in of kinetics_fast, which has no such module",
            name=fullname,
        )
    spec = ModuleSpec(fullname, _AliasLoader(ours), origin=ours.origin)
    spec.submodule_search_locations = ours.submodule_search_locations
    spec.has_location = ours.has_location
    return spec


class _AliasLoader(Loader):
    """Loads a module under its own name and hands it over for another name."""

    def __init__(self, ours: ModuleSpec) -> None:
        self._ours = ours

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002 - the signature of Loader
        return importlib.import_module(self._ours.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._ours  # the import system has just put the spec of the alias there


def _patching_spec(
    this: _Installed, fullname: str, path: Sequence[str] | None, target: ModuleType | None
) -> ModuleSpec | None:
    for finder in sys.meta_path:
        spec = None if finder is _FINDER else finder.find_spec(fullname, path, target)
        if spec is not None:
            if spec.loader is not None:
                spec.loader = _PatchingLoader(spec.loader, this)
            return spec
    return None


class _PatchingLoader(Loader):
    """Loads the module of a peer with the peer's own loader, then patches it."""

    def __init__(self, loader: Loader, this: _Installed) -> None:
        self._loader = loader
        self._this = this

    def __getattr__(self, name: str) -> object:
        return getattr(self._loader, name)  # resources and sources of the peer

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        if isinstance(self._this.drop_in, Patch):
            self._this.undo = _patch(self._this.drop_in, module)
