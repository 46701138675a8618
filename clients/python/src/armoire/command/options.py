"""Options that commands share, and how their values read."""

from __future__ import annotations

import argparse
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from armoire.async_client import AsyncClient
from armoire.client import DEFAULT_ADDRESS
from armoire.command.console import Console
from armoire.errors import InvalidInput
from armoire.filters import Condition, parse_where

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = Callable[[AsyncClient, argparse.Namespace, Console], Awaitable[None]]


def add_command(
    commands: Commands, name: str, run: Run, summary: str, examples: str
) -> argparse.ArgumentParser:
    """A command with the shared options, which may stand before its name or after it."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_shared(parser, None)
    parser.set_defaults(run=run, name=name)
    return parser


def add_shared(parser: argparse.ArgumentParser, environment: Mapping[str, str] | None) -> None:
    """The options of every command; their defaults come from `environment`, or stay unset without one."""
    known = environment is not None
    found = environment or {}
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        default=(found.get("ARMOIRE_ADDRESS") or DEFAULT_ADDRESS) if known else argparse.SUPPRESS,
        help=f"the server; ARMOIRE_ADDRESS, else {DEFAULT_ADDRESS}",
    )
    parser.add_argument(
        "--timeout-s",
        metavar="SECONDS",
        type=seconds,
        default=(found.get("ARMOIRE_TIMEOUT_S") or None) if known else argparse.SUPPRESS,
        help="how long one call, or waiting for one job, may take; ARMOIRE_TIMEOUT_S, else 30 and 600",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if known else argparse.SUPPRESS,
        help="print one JSON object a line",
    )


def add_photos(parser: argparse.ArgumentParser, nargs: str) -> None:
    """Photos and folders of photos, and how many to have under way."""
    parser.add_argument(
        "paths",
        nargs=nargs,
        metavar="PHOTO",
        help="a photo (JPEG, PNG, WebP), or a folder to look for them in",
    )
    parser.add_argument(
        "--concurrency",
        type=count,
        default=4,
        metavar="N",
        help="requests under way at a time (default: 4)",
    )


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, not {text!r}")
    return value


def count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, not {text!r}")
    return int(text)


def conditions(text: str) -> tuple[Condition, ...]:
    try:
        return parse_where(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(error.message) from None
