"""Drop-ins: modules that have the names and results of other video readers, and read with kinetics_fast.

A program reaches a drop-in in three ways. Each gives the same objects::

    import kinetics_fast.compat.decord as decord           # one changed line

    import kinetics_fast.compat                            # two lines before anything imports decord:
    kinetics_fast.compat.install("decord")                 # `import decord` finds ours, in other packages too

    python -m kinetics_fast.compat decord torchcodec -- train.py ARGS    # no change of the program

Drop-ins use the public names of kinetics_fast only, and importing one needs NumPy alone. One line in the
table ``DROP_INS`` of ``compat/registry.py`` registers a drop-in. It maps the name that `install` takes to one
of:

``Alias()``
    ``import NAME`` and ``import NAME.SUBMODULE`` give ``kinetics_fast.compat.NAME`` and its submodules. The
    package in ``compat/`` therefore has the submodules of the peer that people import. For any other
    submodule, ModuleNotFoundError is raised.
``Patch("kinetics_fast.compat.MODULE")``
    The peer's own module NAME (for example ``torchvision.io``) is loaded, and ``MODULE.patch(peer)`` is
    called when it has been loaded, or at once if it is loaded already. ``patch`` replaces attributes of the
    peer, and returns a function without arguments that puts the old ones back. It raises an error if it
    comes too late.
"""

from __future__ import annotations

import sys

from kinetics_fast.compat import child_processes, finder
from kinetics_fast.compat.registry import DROP_INS, Alias

__all__ = ["install", "uninstall"]


def install(*names: str, force: bool = False) -> None:
    """Let ``import NAME`` find the drop-in, in this process and in the Python processes that it starts.

    Child processes are told through the environment variables ``KINETICS_FAST_COMPAT`` and ``PYTHONPATH``.
    Installing a drop-in again changes nothing.

    Parameters
    ----------
    *names : str
        Names of the imitated modules, such as ``"decord"`` and ``"torchcodec"``.
    force : bool
        Replace the imitated module even if it is loaded already. Code that imported it before keeps what it
        has, so that two readers are in use.

    Raises
    ------
    ValueError
        There is no drop-in with such a name. Nothing is installed.
    RuntimeError
        The imitated module is loaded already. Nothing is installed.

    Examples
    --------
    >>> import kinetics_fast.compat
    >>> kinetics_fast.compat.install("decord")
    >>> import decord
    >>> decord.VideoReader.__module__
    'kinetics_fast.compat.decord.video_reader'
    >>> kinetics_fast.compat.uninstall("decord")
    """
    _check(names)
    new = [name for name in names if name not in finder.installed()]
    for name in new:
        loaded = finder.loaded_modules(name) if isinstance(DROP_INS[name], Alias) else []
        if loaded and not force:
            where = getattr(sys.modules[min(loaded)], "__file__", None) or "memory"
            raise RuntimeError(
                f"install({name!r}): another {name} is loaded already, from {where}. Code that imported it "
                f"would go on reading with it. Call install before the first `import {name}`, or pass "
                f"force=True to replace it from now on"
            )
    for name in new:
        finder.install(name, DROP_INS[name])
    child_processes.tell(finder.installed())


def uninstall(*names: str) -> None:
    """Undo `install`: ``import NAME`` finds what it found before. Objects that exist stay as they are.

    Parameters
    ----------
    *names : str
        Names that were installed; no name means all of them. A name that is not installed is left alone.

    Raises
    ------
    ValueError
        There is no drop-in with such a name.

    Examples
    --------
    >>> import kinetics_fast.compat
    >>> kinetics_fast.compat.uninstall("decord")
    """
    _check(names)
    for name in names or finder.installed():
        finder.uninstall(name)
    child_processes.tell(finder.installed())


def _check(names: tuple[str, ...]) -> None:
    for name in names:
        if name not in DROP_INS:
            raise ValueError(
                f"there is no drop-in for {name!r}; there are drop-ins for {', '.join(DROP_INS)}"
            )
