"""The command line of the tuner."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from models.providers import Provider
from services.tuning.budget import CLIENTS_PER_CORE, MAX_CLIENTS, MIN_CLIENTS
from services.tuning.choice import Preference
from services.tuning.setting import Grid, Rpc

DESCRIPTION = """\
Find the fastest settings for the models on this machine, and write them to a file.

It tries: how many batches run at a time (slots), the threads of each, the threads of an exclusive run (one
that has the CPU to itself), the largest batches, and the provider if several are given. Each setting is
measured on the serving code: with a single client (p50), then with several clients in a closed loop
(throughput and p99). All settings are measured once in each round, so that other load on the machine affects
all alike; settings that are clearly beaten are eliminated after a round.
"""

EPILOG = """\
It writes three files to --out:
  settings.env   the ARMOIRE_ variables to set, for a shell, Docker's --env-file, systemd's EnvironmentFile
  report.md      the machine, every setting measured, the Pareto front, the choice and its reason
  report.json    the same, with every single measurement

examples:
  python -m services.tuning                                      the present models and provider
  python -m services.tuning --minutes 10                         more precise figures
  python -m services.tuning --detector .armoire/yolov8n --embedder .armoire/vit-b-32
  python -m services.tuning --prefer latency --clients 2         for few clients
  python -m services.tuning --provider cpu cuda                  the better provider
  python -m services.tuning --slots 2 4 --threads 1 2            only these

then:
  set -a; . .armoire/tune/settings.env; set +a; make serve

Stop other programs first, the server too; other load makes the figures less precise.
"""

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the arguments. Raises SystemExit for a value out of range, and for --help."""
    parser = argparse.ArgumentParser(
        prog="python -m services.tuning",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_subject(parser)
    _add_effort(parser)
    _add_grid(parser)
    return parser.parse_args(argv)


def grid_of(arguments: argparse.Namespace) -> Grid:
    return Grid(
        tuple(arguments.slots),
        tuple(arguments.threads),
        tuple(arguments.exclusive_threads),
        tuple(arguments.detector_batch),
        tuple(arguments.embedder_batch),
    )


def _add_subject(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is measured")
    group.add_argument("--detector", help="artifact, a folder or a tag (default: ARMOIRE_MODELS__DETECTOR)")
    group.add_argument("--embedder", help="artifact, a folder or a tag (default: ARMOIRE_MODELS__EMBEDDER)")
    group.add_argument(
        "--provider",
        nargs="+",
        choices=get_args(Provider),
        help="one or several; cuda and tensorrt need onnxruntime-gpu (default: ARMOIRE_MODELS__PROVIDER)",
    )
    group.add_argument("--call", choices=get_args(Rpc), default="analyze", help="(default: %(default)s)")
    group.add_argument(
        "--photos",
        type=Path,
        default=SAMPLES,
        help="folder of typical photos (default: the repository's samples)",
    )
    group.add_argument(
        "--clients",
        type=_count(most=512),
        help=f"clients of the closed loop (default: {CLIENTS_PER_CORE} for each core, at least {MIN_CLIENTS} "
        f"and at most {MAX_CLIENTS}; {MAX_CLIENTS} on a GPU)",
    )


def _add_effort(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how")
    group.add_argument(
        "--minutes",
        type=_minutes,
        default=4.0,
        help="approximate duration; slow models take longer, which is printed (default: %(default)g)",
    )
    group.add_argument(
        "--rounds",
        type=_count(most=50),
        default=3,
        help="rounds of the settings that are not eliminated (default: %(default)s)",
    )
    group.add_argument(
        "--prefer",
        choices=get_args(Preference),
        default="balanced",
        help="what the choice favours; the report has the Pareto front in any case (default: %(default)s)",
    )
    group.add_argument("--out", type=Path, help="folder for the three files (default: tune/ in ARMOIRE_HOME)")


def _add_grid(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is tried (default: derived from the cores and the provider)")
    for name, words in (
        ("slots", "batches on the device at a time"),
        ("threads", "threads of one run on the CPU"),
        ("exclusive-threads", "threads of an exclusive run, which has the CPU to itself"),
        ("detector-batch", "photos in one run of the detector"),
        ("embedder-batch", "crops in one run of the image encoder"),
    ):
        group.add_argument(
            f"--{name}", nargs="+", type=_count(most=1024), default=(), metavar="N", help=words
        )


def _count(most: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {most}, got {text!r}")
        return int(text)

    return count


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= 240:
        raise argparse.ArgumentTypeError(f"must be more than 0 and at most 240, got {text!r}")
    return minutes
