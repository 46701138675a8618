"""`python -m bench COMMAND` measures and prints a table in Markdown; `--help` lists the commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import (
    backfill,
    bulk,
    burst,
    cost,
    drift,
    duplicate_lookup,
    duplicates,
    growth,
    imports,
    indexing,
    modified,
    naive,
    observing,
    outfit_scorers,
    outfits,
    overhead,
    overload,
    preferences,
    profiling,
    raw_sweep,
    recall,
    remote,
    review_order,
    search,
    serve,
    shadow,
    slow_connections,
    start,
    switching,
)

COMMANDS = (
    *(
        naive,
        raw_sweep,
        serve,
        start,
        burst,
        overload,
        overhead,
        cost,
        search,
        recall,
        indexing,
        imports,
        bulk,
        switching,
        backfill,
        growth,
        remote,
    ),
    drift,
    duplicates,
    duplicate_lookup,
    modified,
    observing,
    outfit_scorers,
    outfits,
    preferences,
    profiling,
    review_order,
    shadow,
    slow_connections,
)
ALL: Mapping[str, Sequence[str]] = {
    "naive": (),
    "baselines": ("--min-calls", "1000"),
    **dict.fromkeys(
        (
            "start",
            "burst",
            "overload",
            "overhead",
            "cost",
            "search",
            "recall",
            "indexing",
            "imports",
            "bulk",
            "switching",
            "backfill",
            "growth",
            "remote",
        ),
        (),
    ),
}
"""The commands that `make bench` runs, with their options. `baselines` contains `serve`."""
DESCRIPTION = """\
Measure the server beside the same models with no server (the raw loop), or beside other servers.

Every command starts its own servers on free ports and in scratch folders, prints a Markdown table and, with
--json FILE, writes the single measurements. Stop what else uses the machine first: a run compares what it
measures itself, and a busy machine widens the spread of every figure.
"""
EXAMPLES = """\
examples:
  python -m bench serve --clients 1 8 32 --seconds 4 --rounds 3
  python -m bench serve --rpc embed --clients 8 --seconds 1 --rounds 1     a first look, about a minute
  python -m bench baselines --baselines fastapi bentoml --min-calls 1000   (make bench installs them)
  python -m bench overload --clients 256 --seconds 20 --json overload.json
"""


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    return 0 if arguments.run(arguments) else 1


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    whole = commands.add_parser("all", help="Run every command but profile, in turn (more than an hour).")
    folder = Path(os.environ.get("ARMOIRE_HOME", ".armoire")) / "bench"
    whole.add_argument("--folder", type=Path, default=folder, help="where the JSON files go (%(default)s)")
    whole.set_defaults(run=run_all)
    return parser.parse_args(argv)


def run_all(arguments: argparse.Namespace) -> bool:
    statuses = [
        main([name, *options, "--json", str(arguments.folder / f"{name}.json")])
        for name, options in ALL.items()
    ]
    return not any(statuses)


if __name__ == "__main__":
    sys.exit(main())
