"""What may be asked for on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

from models.providers import Provider
from services.tuning.budget import CLIENTS_A_CORE, FEWEST_CLIENTS, MOST_CLIENTS
from services.tuning.choice import Preference
from services.tuning.setting import Grid, Rpc

DESCRIPTION = """\
Find out how this machine runs the models best, and write the settings for it.

Tried are: how many batches run at a time (slots), the threads inside each, the threads of a batch that has
the CPU to itself, the largest batches, and the provider where several are named. Each setting is measured on
the serving code: a lone client (its p50), then a crowd in a closed loop (throughput and p99). Settings take
turns in rounds, so that what else the machine does falls on all alike; what is clearly beaten is dropped
after a round.
"""

EPILOG = """\
It leaves three files in --out:
  settings.env   the ARMOIRE_ variables to set, for a shell, Docker's --env-file, systemd's EnvironmentFile
  report.md      the machine, every setting measured, the front, what was chosen and why
  report.json    the same with every single measurement

examples:
  python -m services.tuning                                      the models and the provider set now
  python -m services.tuning --minutes 10                         steadier figures
  python -m services.tuning --detector .armoire/yolov8n --embedder .armoire/vit-b-32
  python -m services.tuning --prefer latency --clients 2         where few wait for answers
  python -m services.tuning --provider cpu cuda                  the better of both
  python -m services.tuning --slots 2 4 --threads 1 2            only these

then:
  set -a; . .armoire/tune/settings.env; set +a; make serve

Stop what else runs first, the server too: the figures are only as steady as the machine.
"""

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Raises SystemExit for what is out of range, and for --help."""
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
        help="folder of photos such as will come (default: the repository's samples)",
    )
    group.add_argument(
        "--clients",
        type=_count(most=512),
        help=f"of the crowd (default: {CLIENTS_A_CORE} for each core, at least {FEWEST_CLIENTS} and at most "
        f"{MOST_CLIENTS}; {MOST_CLIENTS} on a GPU)",
    )


def _add_effort(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how")
    group.add_argument(
        "--minutes",
        type=_minutes,
        default=4.0,
        help="about as long as it may take; slow models take longer, and it says so (default: %(default)g)",
    )
    group.add_argument(
        "--rounds", type=_count(most=50), default=3, help="for what stays to the end (default: %(default)s)"
    )
    group.add_argument(
        "--prefer",
        choices=get_args(Preference),
        default="balanced",
        help="what the choice looks at; the front is reported whatever it is (default: %(default)s)",
    )
    group.add_argument("--out", type=Path, help="folder for the three files (default: tune/ in ARMOIRE_HOME)")


def _add_grid(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is tried (default: what suits the cores and the provider)")
    for name, words in (
        ("slots", "batches on the device at a time"),
        ("threads", "threads inside one of several batches on the CPU"),
        ("exclusive-threads", "threads inside a batch that has the CPU to itself"),
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
