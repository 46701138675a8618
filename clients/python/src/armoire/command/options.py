"""Options that commands share, and how their values read."""

from __future__ import annotations

import argparse
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from armoire.async_client import AsyncClient
from armoire.channel import ADDRESS_VARIABLE, CA_VARIABLE, DEFAULT_ADDRESS
from armoire.command.console import Console, UsageError
from armoire.command.durations import duration_s
from armoire.errors import InvalidInput
from armoire.filters import Filter, parse_where

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = Callable[[AsyncClient, argparse.Namespace, Console], Awaitable[None]]


def add_group(commands: Commands, name: str, summary: str, examples: str) -> Commands:
    """A command that has commands of its own, such as `armoire products list`."""
    return _add_parser(commands, name, summary, examples).add_subparsers(metavar="COMMAND", required=True)


def add_command(
    commands: Commands, name: str, run: Run, summary: str, examples: str, group: str = ""
) -> argparse.ArgumentParser:
    """A command, of the group named or of none."""
    parser = _add_parser(commands, name, summary, examples)
    parser.set_defaults(run=run, name=f"{group} {name}".strip())
    return parser


def _add_parser(commands: Commands, name: str, summary: str, examples: str) -> argparse.ArgumentParser:
    """With the shared options, which may stand before the command's name or after it."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_shared(parser, None)
    return parser


def add_shared(parser: argparse.ArgumentParser, environment: Mapping[str, str] | None) -> None:
    """The options of every command; their defaults come from `environment`, or stay unset without one."""
    known = environment is not None
    found = environment or {}
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        default=(found.get(ADDRESS_VARIABLE) or DEFAULT_ADDRESS) if known else argparse.SUPPRESS,
        help=f"the server (default: {ADDRESS_VARIABLE} of the environment, else {DEFAULT_ADDRESS})",
    )
    parser.add_argument(
        "--ca-file",
        metavar="FILE",
        default=(found.get(CA_VARIABLE) or "") if known else argparse.SUPPRESS,
        help=f"speak TLS, and check the server with the CA in this PEM file; `system` takes those that gRPC "
        f"trusts (default: {CA_VARIABLE} of the environment, else no TLS)",
    )
    parser.add_argument(
        "--certificate-file",
        metavar="FILE",
        default="" if known else argparse.SUPPRESS,
        help="PEM file of your own certificate, where the server wants one; needs --key-file and --ca-file",
    )
    parser.add_argument(
        "--key-file",
        metavar="FILE",
        default="" if known else argparse.SUPPRESS,
        help="PEM file of its key",
    )
    parser.add_argument(
        "--timeout-s",
        metavar="SECONDS",
        type=seconds,
        default=(found.get("ARMOIRE_TIMEOUT_S") or None) if known else argparse.SUPPRESS,
        help="how long one call, or the wait for one job, may take (default: ARMOIRE_TIMEOUT_S of the "
        "environment, else 30 and 600)",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=False if known else argparse.SUPPRESS,
        help="print one JSON object a line",
    )


def add_photos(parser: argparse.ArgumentParser, nargs: str, concurrency: int) -> None:
    """Photos and folders of photos, and how many to have under way."""
    parser.add_argument(
        "paths",
        nargs=nargs,
        metavar="PHOTO",
        help="a photo (JPEG, PNG, WebP), or a folder to look for them in",
    )
    add_concurrency(parser, "photos", concurrency)


def add_concurrency(parser: argparse.ArgumentParser, what: str, default: int) -> None:
    """How many of something to have under way."""
    parser.add_argument(
        "--concurrency",
        type=count,
        default=default,
        metavar="N",
        help=f"how many {what} to have under way at a time (default: %(default)s)",
    )


def add_model(parser: argparse.ArgumentParser, option: str, what: str) -> None:
    """An option that names a loaded model."""
    parser.add_argument(
        option,
        metavar="MODEL",
        help=f"{what}, by its version or an alias as `armoire models` shows them (default: the default)",
    )


def add_deleted(parser: argparse.ArgumentParser, what: str) -> None:
    """`--deleted` and `--only-deleted` of a list."""
    parser.add_argument(
        "--deleted", action="store_true", help=f"also the {what} that are deleted and can still be restored"
    )
    parser.add_argument("--only-deleted", action="store_true", help=f"only the {what} that are deleted")


def add_order(parser: argparse.ArgumentParser, text: str, fields: str) -> None:
    """`--text` and `--order-by` of a list."""
    parser.add_argument("--text", default="", metavar="TEXT", help=f"only those with TEXT in {text}")
    parser.add_argument(
        "--order-by",
        default="",
        metavar="FIELD",
        help=f'{fields}; "FIELD desc" for the reverse; the newest first unless given',
    )


def add_where(parser: argparse.ArgumentParser, examples: str) -> None:
    """`--where` of a list."""
    parser.add_argument(
        "--where",
        type=_where,
        default="",
        metavar="FILTER",
        help=f"only those that pass, such as '{examples}'; `armoire search --help` has the syntax",
    )


def add_yes(parser: argparse.ArgumentParser) -> None:
    """`--yes` of what cannot be undone."""
    parser.add_argument("--yes", action="store_true", help="really: this cannot be undone")


def require_yes(arguments: argparse.Namespace, what: str) -> None:
    """Raises UsageError without `--yes`."""
    if not arguments.yes:
        raise UsageError(f"{what}, and cannot be undone: add --yes")


def add_ids(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID", help=f"of a {what}; several are allowed")


def add_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", type=count, default=20, metavar="N", help="show at most so many (default: 20)"
    )


def add_lifetime(parser: argparse.ArgumentParser) -> None:
    """Add how long URLs work."""
    parser.add_argument(
        "--lifetime",
        type=duration_s,
        default=0,
        metavar="TIME",
        help="how long they work, such as 45s, 10m, 12h or 1d; as long as the server says unless given",
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


def share(text: str) -> float:
    value = number(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"expected a share from 0 to 1, not {text!r}")
    return value


def number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"expected a number, not {text!r}")
    return value


def shares(text: str) -> tuple[float, float, float]:
    """Of the training, validation and test split."""
    try:
        train, val, test = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not three shares such as 0.8,0.1,0.1") from None
    total = train + val + test
    if min(train, val, test) < 0 or not math.isclose(total, 1.0, abs_tol=1e-6):
        raise argparse.ArgumentTypeError(f"the shares {text} must be 0 or more, and sum to 1")
    return train, val, test


def _where(text: str) -> str:
    conditions(text)
    return text


def conditions(text: str) -> Filter:
    try:
        return parse_where(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(error.message) from None
