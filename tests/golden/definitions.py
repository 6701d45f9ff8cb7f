"""Runs chosen classes and functions of a Python file without the imports of the file."""

from __future__ import annotations
import __future__

import ast
import subprocess
from pathlib import Path
from typing import Any


def definitions(path: Path, names: list[str], namespace: dict[str, Any]) -> dict[str, Any]:
    """Run the definitions of these names, without decorators, with the names in `namespace`."""
    tree = ast.parse(path.read_text())
    wanted: list[ast.stmt] = []
    missing = set(names)
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            name, node.decorator_list = node.name, []
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        else:
            continue
        if name in names:
            wanted.append(node)
            missing.discard(name)
    if missing:
        raise LookupError(f"{path} defines no {', '.join(sorted(missing))}")
    module = ast.Module(wanted, type_ignores=[])
    flags = __future__.annotations.compiler_flag
    scope = {"__name__": "peer", **namespace}
    exec(compile(module, str(path), "exec", flags), scope)
    return scope


def commit(folder: Path) -> str:
    """Return the commit that is checked out in a folder."""
    command = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
