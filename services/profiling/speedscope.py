"""Profiles in the file format of speedscope.

Source: github.com/jlfwong/speedscope, src/lib/file-format-spec.ts.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import Any

from services.profiling.stack_sampler import NATIVE, Profile, Stack

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def speedscope_json(profile: Profile, name: str) -> str:
    """The text of a file: one profile for each thread, by CPU time, and one for the native threads."""
    frames = _Frames()
    threads = sorted(profile.seconds.items(), key=lambda pair: -sum(pair[1].values()))
    profiles = [frames.thread(thread, stacks) for thread, stacks in threads]
    if profile.native_s:
        profiles.append(_sampled(NATIVE, {(frames.number(NATIVE),): profile.native_s}))
    document = {
        "$schema": SCHEMA,
        "name": name,
        "exporter": "armoire",
        "shared": {"frames": frames.entries},
        "profiles": profiles,
    }
    return json.dumps(document, separators=(",", ":"))


class _Frames:
    """The table of functions that the stacks of all threads refer to."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._numbers: dict[CodeType | str, int] = {}

    def number(self, function: CodeType | str) -> int:
        """The number of a function in the table, to which it is added."""
        number = self._numbers.setdefault(function, len(self._numbers))
        if number == len(self.entries):
            self.entries.append({"name": function} if isinstance(function, str) else _entry(function))
        return number

    def thread(self, name: str, stacks: Counter[Stack]) -> dict[str, Any]:
        numbered = {tuple(map(self.number, stack)): seconds for stack, seconds in stacks.items()}
        return _sampled(name, numbered)


def _sampled(name: str, seconds: Mapping[tuple[int, ...], float]) -> dict[str, Any]:
    return {
        "type": "sampled",
        "name": name,
        "unit": "seconds",
        "startValue": 0,
        "endValue": sum(seconds.values()),
        "samples": list(seconds),
        "weights": list(seconds.values()),
    }


def _entry(code: CodeType) -> dict[str, Any]:
    return {"name": code.co_qualname, "file": shown_path(code.co_filename), "line": code.co_firstlineno}


def shown_path(path: str) -> str:
    """The path of a module below the folder that it was imported from."""
    for folder in sorted(filter(None, sys.path), key=len, reverse=True):
        if Path(path).is_relative_to(folder):
            return str(Path(path).relative_to(folder))
    return path
