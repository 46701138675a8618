"""Runs the programs in node/: the same calls by each client that JavaScript has for Connect and gRPC."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from tests.node import node_command

PROGRAMS = Path(__file__).parent / "node"
REFERENCE = "grpc-js"
OTHERS = [
    "connect-node gRPC",
    "connect-node binary",
    "connect-web JSON",
    "connect-web gRPC-Web",
    "client",
    "client for browsers",
]
"""With `REFERENCE` the keys of TRANSPORTS in node/transports.mjs."""
LIMIT_S = 240.0
"""After this a program is ended, and its tests fail."""


def command(program: str, *arguments: str) -> list[str]:
    """The command line of a program. Skips the test where it cannot run."""
    return node_command(str(PROGRAMS / program), *arguments)


def differences(one: Any, other: Any) -> dict[str, tuple[Any, Any]]:
    """Where two JSON documents differ, by path. Numbers may differ by their rounding."""
    values, others = _flat(one), _flat(other)
    pairs = {path: (values.get(path), others.get(path)) for path in values | others}
    return {path: pair for path, pair in pairs.items() if not _equal(*pair)}


def _flat(value: Any, path: str = "") -> dict[str, Any]:
    """The values by their paths; lists and objects stand with their sizes."""
    if not isinstance(value, dict | list):
        return {path: value}
    members = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[str, Any] = {path: f"{type(value).__name__} of {len(value)}"}
    for name, member in members:
        found |= _flat(member, f"{path}/{name}")
    return found


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, float | int) and isinstance(other, float | int)
        return numbers and math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-5)
    return bool(one == other)
