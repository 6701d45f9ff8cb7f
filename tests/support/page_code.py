"""Runs the code blocks of a page of the documentation, and checks the values that their comments name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from support.packages import installed

if TYPE_CHECKING:
    from pathlib import Path

GIVE_TENSORS = ("lerobot", "pytorchvideo", "torchcodec", "torchvision")  # drop-ins that have no other output
LITERAL = re.compile(r"\s+# ([(\[{'\"\d-].*|(?:True|False|None)\b.*)$")


def blocks(page: Path, language: str) -> list[str]:
    """Return the code blocks of one language; a block in a list is moved to the left margin."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", page.read_text(), re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


def lacking(code: str) -> list[str]:
    """Return the libraries that the code imports and that are not installed."""
    nodes = list(ast.walk(ast.parse(code)))
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    names += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    needed = {name.partition(".")[0] for name in names}
    needed |= {library for library in ("ray", "torch") if f"kinetics_fast.{library}" in names}
    if any(f"kinetics_fast.compat.{name}" in names for name in GIVE_TENSORS):
        needed.add("torch")
    return sorted(name for name in needed if not installed(name))


def run(code: str, names: dict[str, Any]) -> int:
    """Run the code, statement by statement; return how many values it names, all of which it has.

    A comment behind an expression names its value: ``video[::8].shape  # (32, 256, 454, 3)``. Words may
    follow the value.
    """
    lines, checked = code.splitlines(), 0
    for statement in ast.parse(code).body:
        if not isinstance(statement, ast.Expr):
            exec(compile(ast.Module([statement], []), "page", "exec"), names)
            continue
        value = eval(compile(ast.Expression(statement.value), "page", "eval"), names)
        rest = lines[int(statement.end_lineno or 0) - 1].encode()[statement.end_col_offset :].decode()
        if comment := LITERAL.match(rest):
            words = comment.group(1)
            says = re.match(rf"{re.escape(str(value))}(?!\w)", words) or words.startswith(repr(value))
            assert says, f"{lines[statement.lineno - 1]}: the value is {value!r}"
            checked += 1
    return checked
