"""Writes the blocking modules of the client from the asyncio ones: `python clients/python/tools/unasync.py`.

Source: the tokens are those that PyPI's `unasync` replaces, which knows neither docstrings nor dotted names
such as `grpc.aio`, and wants a folder for each side.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

PACKAGE = Path(__file__).parents[1] / "src" / "armoire"
COMMAND = "make client"

CLIENT_TEXTS = {
    "The asyncio client.": "The blocking client.",
    """\
Talks to an Armoire server from asyncio; the methods are those of `Client`, awaited.

    Make it inside a running event loop, in an `async with`, or close it. Photos given as paths are read on
    the loop: hand over bytes where that matters.
""": """\
Talks to an Armoire server; calls block. Threads may share one. Use it in a `with`, or close it.
""",
}
TRANSPORT_TEXTS = {
    "that are awaited": "that block",
    "whose calls are awaited": "whose calls block",
    "import grpc\nimport grpc.aio": "import grpc",
    "replies.cancel()": "replies.cancel()  # type: ignore[no-untyped-call]",
    "close(None)": "close()",
    "await asyncio.to_thread(send_photo, ": "send_photo(",
}
BULK_TEXTS = {
    "import asyncio\nimport time": "import threading\nimport time",
    "await asyncio.to_thread(encode, self._transport, self._call, entry)": (
        "encode(self._transport, self._call, entry)"
    ),
    "asyncio.Condition()": "threading.Condition()",
    "asyncio.Lock()": "threading.Lock()",
}
IMPORT_TEXTS = {
    "import asyncio\n": "import time\n",
    "await asyncio.to_thread(self._encode, entry)": "self._encode(entry)",
}
MODULES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "async_caller.py": ("caller.py", {}),
    "async_client.py": ("client.py", CLIENT_TEXTS),
    "async_transport.py": ("transport.py", TRANSPORT_TEXTS),
    "async_bulk.py": ("bulk.py", BULK_TEXTS),
    "async_imports.py": ("imports.py", IMPORT_TEXTS),
    "async_outfits.py": ("outfits.py", {}),
    "async_wardrobes.py": ("wardrobes.py", {}),
    **{
        f"methods/{path.name}": (f"methods/{path.name.removeprefix('async_')}", {})
        for path in sorted(PACKAGE.glob("methods/async_*.py"))
    },
}
"""The blocking module of each asyncio one, and the texts that read otherwise there."""

NAMES = {"asyncio": "time", "__aenter__": "__enter__", "__aexit__": "__exit__"}
PREFIX = re.compile(r"Async(?=[A-Z])|async_(?=[a-z])")

Edit: TypeAlias = tuple[int, int, str]
"""Replace the characters from the first offset up to the second by the text."""


def blocking(source: str, texts: Mapping[str, str], name: str) -> str:
    """The blocking version of a module called `name`.

    Raises:
        ValueError: one of the texts is not there.
    """
    for old, new in texts.items():
        if old not in source:
            raise ValueError(f"{name} no longer holds {old!r}: change the table in {Path(__file__).name}")
        source = source.replace(old, new)
    for start, end, new in sorted(_edits(source), reverse=True):
        source = source[:start] + new + source[end:]
    return f'# Generated from {name} by "{COMMAND}". Change that file.\n{source}'


def _edits(source: str) -> Iterator[Edit]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for index, token in enumerate(tokens):
        (row, column), (end_row, end_column) = token.start, token.end
        start, end = starts[row - 1] + column, starts[end_row - 1] + end_column
        if token.type != tokenize.NAME:
            continue
        if token.string in ("async", "await"):
            next_row, next_column = tokens[index + 1].start
            yield start, starts[next_row - 1] + next_column, ""
        elif token.string == "aio" and [each.string for each in tokens[index - 2 : index]] == ["grpc", "."]:
            yield start - 1, end, ""
        elif (new := NAMES.get(token.string, PREFIX.sub("", token.string))) != token.string:
            yield start, end, new


def formatted(source: str) -> str:
    """As ruff formats it; UP028 makes `yield from` of a loop that only yields."""
    ruff = (sys.executable, "-m", "ruff")
    for command in (("check", "--select", "I,UP028", "--fix", "--unsafe-fixes", "-"), ("format", "-")):
        done = subprocess.run(
            (*ruff, *command), input=source, capture_output=True, text=True, check=True, cwd=PACKAGE
        )
        source = done.stdout
    return source


def main() -> None:
    for name, (target, texts) in MODULES.items():
        source = (PACKAGE / name).read_text(encoding="utf-8")
        (PACKAGE / target).write_text(formatted(blocking(source, texts, name)), encoding="utf-8")


if __name__ == "__main__":
    main()
