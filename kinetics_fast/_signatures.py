"""Makes the signatures that `help` shows short: names and defaults. The docstrings have the types.

With postponed annotations, `help` would show each annotation as a quoted text, in a line of several hundred
characters. Annotations themselves stay, so type checkers and `typing.get_type_hints` see no difference.
"""

from __future__ import annotations

import inspect
from types import FunctionType

SHOWN = ("__new__", "__init__", "__call__", "__getitem__")  # beside public names


def shorten_signatures(public: object) -> None:
    """Shorten the signature of a function, or those of the methods that a class of this package defines."""
    if isinstance(public, FunctionType):
        _shorten(public)
    elif isinstance(public, type):
        for owner in public.__mro__:
            if owner.__module__.partition(".")[0] == "kinetics_fast":
                for name, member in vars(owner).items():
                    function = inspect.unwrap(getattr(member, "__func__", member))
                    if (not name.startswith("_") or name in SHOWN) and isinstance(function, FunctionType):
                        _shorten(function)


def _shorten(function: FunctionType) -> None:
    found = inspect.signature(function)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in found.parameters.values()]
    function.__signature__ = inspect.Signature(bare)  # type: ignore[attr-defined]
