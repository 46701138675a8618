"""The command line of drift reports."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from armoire.command.durations import moment
from armoire.command.options import add_shared
from services.drift.comparison import Limits
from services.drift.window import Window

DESCRIPTION = """\
Has what the models are shown, or what they say of it, changed between two windows? Reads a server's
prediction log or its catalogue over the API, with the key of ARMOIRE_TOKEN (scope admin for the log).
"""
EPILOG = """\
examples:
  python -m services.drift report --since 7d --reference-since 21d --reference-until 7d --html drift.html
  python -m services.drift save --since 2026-10-01 --until 2026-11-01 october.npz
  python -m services.drift report --since 1d --reference october.npz --metrics textfiles/drift.prom

Exit status: 0 without an alarm, 3 with one, 1 where there is no report, 2 for a wrong command line.
docs/monitoring.md says how to choose windows and what the figures mean.
"""
TIME = "an age such as 7d or 12h, or a date such as 2026-01-31"


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the arguments. Raises SystemExit for what cannot be read, and for --help."""
    parser = argparse.ArgumentParser(
        prog="python -m services.drift",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    report = commands.add_parser("report", help="compare two windows")
    _add_windows(report)
    _add_outputs(report)
    _add_limits(report)
    save = commands.add_parser("save", help="keep a window as a reference, since the log forgets")
    save.add_argument("out", type=Path, metavar="FILE", help="the file to write")
    for command in (report, save):
        _add_sample(command)
        add_shared(command, os.environ)
    arguments = parser.parse_args(argv)
    if (
        arguments.command == "report"
        and arguments.reference
        and (arguments.reference_since or arguments.reference_until)
    ):
        report.error("give --reference, or --reference-since and --reference-until")
    return arguments


def limits_of(arguments: argparse.Namespace) -> Limits:
    return Limits(
        level=arguments.level,
        min_share_effect=arguments.min_share_effect,
        min_energy_effect=arguments.min_energy_effect,
        min_units=arguments.min_units,
        seed=arguments.seed,
    )


def current_window(arguments: argparse.Namespace) -> Window:
    return Window(arguments.since, arguments.until)


def reference_window(arguments: argparse.Namespace) -> Window:
    """The reference of a report without a file: unless it ends otherwise, it ends where the other begins."""
    return Window(arguments.reference_since, arguments.reference_until or arguments.since)


def _add_windows(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reference", type=Path, metavar="FILE", help="a reference that `save` has written")
    parser.add_argument("--reference-since", type=moment, metavar="TIME", help=f"or from then on: {TIME}")
    parser.add_argument(
        "--reference-until", type=moment, metavar="TIME", help="and before then (default: what --since says)"
    )


def _add_sample(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", type=moment, required=True, metavar="TIME", help=f"from then on: {TIME}")
    parser.add_argument("--until", type=moment, metavar="TIME", help="before then (default: until now)")
    parser.add_argument("--tenant", default="", help="whose predictions (default: yours)")
    parser.add_argument(
        "--source", choices=("log", "catalog"), default="log", help="what is read (default: %(default)s)"
    )
    parser.add_argument(
        "--unit",
        choices=("call", "photo"),
        default="call",
        help="what counts as independent; of the catalogue it is a product (default: %(default)s)",
    )
    parser.add_argument(
        "--max-units",
        type=_whole(100),
        default=1000,
        metavar="N",
        help="of each window and source at most so many, drawn at random (default: %(default)s)",
    )


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as a page with charts")
    parser.add_argument(
        "--metrics", type=Path, metavar="FILE", help="write gauges for node_exporter's textfiles"
    )
    parser.add_argument(
        "--agreement", action="store_true", help="also how often people agree with the models (scope review)"
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    defaults = Limits()
    parser.add_argument(
        "--level",
        type=_share,
        default=defaults.level,
        help="share of false alarms among reports without drift (default: %(default)s)",
    )
    parser.add_argument(
        "--min-share-effect",
        type=_share,
        default=defaults.min_share_effect,
        metavar="EFFECT",
        help="of labels and colours, below which a change is told but does not alarm (default: %(default)s)",
    )
    parser.add_argument(
        "--min-energy-effect",
        type=_share,
        default=defaults.min_energy_effect,
        metavar="EFFECT",
        help="the same of scores and embeddings (default: %(default)s)",
    )
    parser.add_argument(
        "--min-units",
        type=_whole(20),
        default=defaults.min_units,
        metavar="N",
        help="calls that a window needs to be compared (default: %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the exchanges (default: %(default)s)")


def _whole(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number of {least} or more, not {text!r}")
        return int(text)

    return number


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 < value < 1.0:
        raise argparse.ArgumentTypeError(f"must be between 0 and 1, not {text!r}")
    return value
