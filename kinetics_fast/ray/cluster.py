"""Joins the Ray cluster of this program, or starts Ray on this machine."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator

Engine = Literal["local", "ray"]  # where the files of a data set are read and written
ENGINES: Final = get_args(Engine)
INSTALL: Final = "pip install 'kinetics-fast[ray]'"


def check_installed() -> None:
    """Raise an error that says what to install.

    Raises
    ------
    ModuleNotFoundError
        Ray is not installed.
    """
    found = find_spec("ray")
    if found is None or found.origin is None:  # a folder named ray is a package without an origin
        raise ModuleNotFoundError(f"Ray is not installed: {INSTALL}", name="ray")


@contextmanager
def joined() -> Iterator[None]:
    """Use the cluster that the program has joined already, or join one for a while.

    Ray looks for a cluster at the address in ``RAY_ADDRESS``, then for one that runs on this machine, and
    otherwise starts Ray on this machine with all its CPUs.

    Raises
    ------
    ModuleNotFoundError
        Ray is not installed.
    ConnectionError
        There is no cluster at the address.
    """
    check_installed()
    import ray

    if ray.is_initialized():
        yield
        return
    ray.init(include_dashboard=False, log_to_driver=False, logging_level=logging.WARNING)
    try:
        yield
    finally:
        ray.shutdown()
