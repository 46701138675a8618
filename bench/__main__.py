"""python -m bench COMMAND measures and prints a table in Markdown; `--help` lists the commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import burst, growth, loops, overhead, overload, profiling, search, serve, start

PARTS = (loops, serve, start, burst, overload, overhead, search, growth, profiling)
ALL: Mapping[str, Sequence[str]] = {
    "loops": (),
    "peers": ("--min-calls", "1000"),
    **dict.fromkeys(("start", "burst", "overload", "overhead", "search", "indexing", "growth"), ()),
}
"""What `make bench` runs, with its options: `peers` has `serve` in it."""


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    return 0 if arguments.run(arguments) else 1


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the server.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for part in PARTS:
        part.add_to(commands)
    whole = commands.add_parser("all", help="Everything, one after the other (more than an hour).")
    folder = Path(os.environ.get("ARMOIRE_HOME", ".armoire")) / "bench"
    whole.add_argument("--folder", type=Path, default=folder, help="for the JSON files (%(default)s)")
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
