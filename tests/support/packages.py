"""Which optional libraries are installed."""

from __future__ import annotations

from importlib.util import find_spec


def installed(name: str) -> bool:
    """Return whether a library is installed. A folder of tests with its name has no origin."""
    spec = find_spec(name)
    return spec is not None and spec.origin is not None
