"""Chooses where the files of a scan are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kinetics_fast.ray.cluster import ENGINES, check_installed
from kinetics_fast.scan.scanner import examined

if TYPE_CHECKING:
    from kinetics_fast.ray.cluster import Engine
    from kinetics_fast.scan.scanner import Examine


def examine_on(engine: Engine) -> Examine:
    """Return the function that reads files on the CPUs of this machine, or on a Ray cluster.

    Raises
    ------
    ValueError
        There is no such engine.
    ModuleNotFoundError
        Ray is not installed.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}, got {engine!r}")
    if engine == "local":
        return examined
    from kinetics_fast.scan.on_ray import examined_on_ray

    check_installed()
    return examined_on_ray
