"""Tells the Python processes that this one starts which drop-ins are installed.

A worker that is started by ``spawn``, by torchrun or by `subprocess` shares no memory with this process,
and may import a peer before it runs any line of the program. The environment therefore names the drop-ins
in KINETICS_FAST_COMPAT, and PYTHONPATH begins with a folder whose ``sitecustomize.py`` reads that variable
when an interpreter starts.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

VARIABLE = "KINETICS_FAST_COMPAT"
_FOLDER = str(Path(__file__).with_name("_bootstrap"))


def tell(names: Sequence[str]) -> None:
    """Name the installed drop-ins in the environment of this process."""
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != _FOLDER]
    if names:
        os.environ[VARIABLE] = ",".join(names)
        paths.insert(0, _FOLDER)
    else:
        os.environ.pop(VARIABLE, None)
    if paths:
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    else:
        os.environ.pop("PYTHONPATH", None)
