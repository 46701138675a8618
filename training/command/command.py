"""What all commands share: how they are added, and what is checked before they run."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from domain.errors import InvalidInput
from training.data.checksums import clothing_photos, complaints

AddCommand: TypeAlias = Callable[[str, str], argparse.ArgumentParser]
"""A command's name and what it does, to its parser."""
LIMITS: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "minutes": (lambda value: 0 < value < math.inf, "above 0"),
    "input_px": (lambda value: value >= 64 and value % 32 == 0, "a multiple of 32 from 64 on"),
    "seed": (lambda value: value >= 0, "at least 0"),
    "scenes": (lambda value: value >= 0, "at least 0"),
    "persons": (lambda value: value >= 0, "at least 0"),
    "side_px": (lambda value: value >= 64, "at least 64"),
    "batch": (lambda value: value >= 1, "at least 1"),
    "per_label": (lambda value: value >= 1, "at least 1"),
    "threads": (lambda value: value >= 1, "at least 1"),
    "learning_rate": (lambda value: 0 < value < 1, "above 0 and below 1"),
    "dev_share": (lambda value: 0 <= value < 1, "at least 0 and below 1"),
    "limit": (lambda value: value >= 0, "at least 0"),
    "prints": (lambda value: value >= 0, "at least 0"),
    "drawings": (lambda value: value >= 0, "at least 0"),
    "dev_until": (lambda value: 0 < value <= 1, "above 0 and at most 1"),
}
"""The condition on the value of each option, as a function and in words."""


def given(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of a recipe's or an evaluation's options class, whose fields have the same names."""
    return {name: value for name, value in vars(options).items() if name != "run"}


def check(given: Mapping[str, Any]) -> None:
    """Check the options before any data is read, which takes minutes."""
    for name, (holds, limit) in LIMITS.items():
        if name in given and not holds(given[name]):
            raise InvalidInput(name.replace("_", "-"), f"must be {limit}, not {given[name]:g}")
    for name in ("fashion_mnist", "street", "pretrained", "words", "vit", "yolo"):
        if name in given and not given[name].is_dir():
            raise InvalidInput(name.replace("_", "-"), f"must be a folder: {given[name]}")
    if "start_from" in given and not given["start_from"].exists():
        raise InvalidInput("start-from", f"must be a file or an artifact's folder: {given['start_from']}")


def compare_data(folder: Path) -> None:
    for complaint in complaints(clothing_photos(), folder) if folder.is_dir() else ():
        sys.stderr.write(f"note: {complaint}\n")


def add_overrides(command: argparse.ArgumentParser) -> None:
    """Add the option that gives keys of a params.yaml other values."""
    command.add_argument(
        "--set",
        dest="overrides",
        type=_override,
        action="append",
        metavar="KEY=VALUE",
        help="another value of a key, such as data.limit=20; may be given several times",
    )


def _override(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"must be KEY=VALUE, not {text[:100]}")
    return key, value
