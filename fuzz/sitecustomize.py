"""Makes a Python whose PYTHONPATH names this folder load the extension that KF_CORE names.

The package's own Python files stay in use. Children of the process inherit both variables. The finder comes
first, because the finder of an editable install would load the installed extension.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from typing import Any


class OtherCore:
    """Finds `kinetics_fast._core` and nothing else."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != "kinetics_fast._core":
            return None
        return spec_from_file_location(name, os.environ["KF_CORE"])


sys.meta_path.insert(0, OtherCore())
