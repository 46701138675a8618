"""docs/errors.md lists the reasons of errors that the code has, and no others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "imaging", "models", "services")
WORD = re.compile(r"[A-Z]+(_[A-Z]+)*")


def reasons_in_code() -> set[str]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    return {reason for tree in trees for node in ast.walk(tree) for reason in reasons_of(node)}


def reasons_of(node: ast.AST) -> Iterator[str]:
    """Of `reason="..."` in a call, `reason = "..."` in a class, and the tuples of the database's errors."""
    match node:
        case ast.keyword(arg="reason", value=ast.Constant(value=str() as reason)):
            yield from matching(reason)
        case ast.Assign(targets=[ast.Name(id="reason")], value=ast.Constant(value=str() as reason)):
            yield from matching(reason)
        case ast.Assign(targets=[ast.Name(id="_DRIVER_ERRORS")], value=ast.Tuple(elts=rows)):
            for row in rows:
                yield from matching(ast.literal_eval(row)[-1])


def matching(reason: str) -> Iterator[str]:
    if WORD.fullmatch(reason):
        yield reason


def test_the_page_lists_the_reasons_of_the_code() -> None:
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    section = text.split("## Reasons\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    listed = [row.split("`")[1] for row in rows]
    assert len(set(listed)) == len(listed)
    at_start = section.rpartition("These stop the start")[2]
    named = {word for word in re.findall(r"`([A-Z_]+)`", at_start) if not word.startswith("ARMOIRE_")}
    assert set(listed) | named == reasons_in_code()
