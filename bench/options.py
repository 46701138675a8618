"""Options that several commands share, and the objects that they name."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from bench.model_pair import DEMO_DETECTOR, DEMO_EMBEDDER, ROOT, ModelPair
from bench.raw_loop import RawModels
from domain.taxonomy import Taxonomy
from models.providers import PROVIDER_NAMES

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = Callable[[argparse.Namespace], bool]
"""Measures and prints a table; returns whether no call failed."""


def add_command(commands: Commands, name: str, run: Run, summary: str) -> argparse.ArgumentParser:
    """Add a command with the options that every command has."""
    parser = commands.add_parser(name, help=summary, description=summary)
    parser.add_argument("--photos", type=Path, default=ROOT / "samples", help="folder of JPEGs (%(default)s)")
    parser.add_argument("--detector", type=Path, default=DEMO_DETECTOR, help="artifact (%(default)s)")
    parser.add_argument("--embedder", type=Path, default=DEMO_EMBEDDER, help="artifact (%(default)s)")
    parser.add_argument(
        "--provider", choices=PROVIDER_NAMES, default="cpu", help="what runs the models (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single measurement to FILE")
    parser.set_defaults(run=run)
    return parser


def add_rpc(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--rpc", choices=("detect", "embed", "analyze"), default=default, help="(%(default)s)"
    )


def add_runs(parser: argparse.ArgumentParser, seconds: float, rounds: int) -> None:
    parser.add_argument("--seconds", type=float, default=seconds, help="length of every run (%(default)s)")
    parser.add_argument("--rounds", type=int, default=rounds, help="how often all is measured (%(default)s)")


def pair_of(arguments: argparse.Namespace) -> ModelPair:
    return ModelPair(arguments.detector, arguments.embedder, arguments.provider)


def read_photos(arguments: argparse.Namespace, at_most: int = 24) -> list[bytes]:
    """Read at most `at_most` photos, so that every run sees all of them, in a fixed random order.

    Raises:
        SystemExit: the folder has no *.jpg.
    """
    photos = [path.read_bytes() for path in sorted(arguments.photos.glob("*.jpg"))[:at_most]]
    if not photos:
        raise SystemExit(f"{arguments.photos} holds no *.jpg")
    random.Random(0).shuffle(photos)
    return photos


def load_raw(arguments: argparse.Namespace, home: Path) -> RawModels:
    """The models of the raw loop, with their optimized graphs in `home`."""
    return RawModels.load(pair_of(arguments), Taxonomy.load(ROOT / "domain/taxonomy.toml"), home / "cache")


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder for the servers' home folders."""
    home = Path(tempfile.mkdtemp(prefix="armoire-bench-"))
    try:
        yield home
    finally:
        shutil.rmtree(home)


def inputs_note(arguments: argparse.Namespace, photos: int) -> str:
    """One line that names the models, photos, runs and settings of a measurement."""
    options: dict[str, Any] = vars(arguments)
    runs = f", {options['rounds']} rounds" if "rounds" in options else ""
    runs += f" of {options['seconds']:g} s" if "seconds" in options else ""
    given = sorted(name for name in os.environ if name.startswith("ARMOIRE_"))
    settings = f" Set: {', '.join(f'{name}={os.environ[name]}' for name in given)}." if given else ""
    return f"{pair_of(arguments).describe()} {photos} photos of {arguments.photos.name}{runs}.{settings}"
