"""Runs when an interpreter starts below a process that has installed drop-ins.

`kinetics_fast.compat.child_processes` puts this folder on PYTHONPATH. Nothing of kinetics_fast is imported
until the program imports one of the imitated modules: most processes never do. A `sitecustomize` of the
user runs as well.
"""

from __future__ import annotations

import importlib
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _Installing:
    """Installs the drop-ins when the first import asks for one of them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not any(fullname == name or fullname.startswith(name + ".") for name in self._names):
            return None
        sys.meta_path.remove(self)
        try:
            from kinetics_fast import compat
        except ImportError as error:
            sys.meta_path.insert(0, self)
            what = "KINETICS_FAST_COMPAT asks for the drop-in of kinetics_fast, which cannot be imported here"
            raise ImportError(f"{fullname}: {what}: {error}", name=fullname) from error
        compat.install(*self._names)
        return sys.meta_path[0].find_spec(fullname, path, target)


def _run_the_users_own() -> None:
    here = os.path.dirname(__file__)  # noqa: PTH120 - pathlib would make each start slower
    ours = sys.modules.pop("sitecustomize")
    sys.path[:] = [path for path in sys.path if path != here]
    try:
        importlib.import_module("sitecustomize")
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        sys.modules.setdefault("sitecustomize", ours)


_names = [name for name in os.environ.get("KINETICS_FAST_COMPAT", "").split(",") if name]
if _names:
    sys.meta_path.insert(0, _Installing(_names))
_run_the_users_own()
