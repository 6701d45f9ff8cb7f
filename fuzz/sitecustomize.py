"""Lets a Python whose PYTHONPATH names this folder take the extension that KF_SANITIZED_CORE names.

The package's own Python files stay where they are; children of the tests inherit both variables. It works
beside an editable install, whose finder would otherwise know better.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from typing import Any


class SanitizedCore:
    """Finds `kinetics_fast._core` and nothing else."""

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        if name != "kinetics_fast._core":
            return None
        return spec_from_file_location(name, os.environ["KF_SANITIZED_CORE"])


sys.meta_path.insert(0, SanitizedCore())
