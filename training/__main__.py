"""The command line of `training`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 2 where the input is wrong."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except InvalidInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = argparse.ArgumentParser(
        prog="python -m training", description="Recipes that make the demo weights."
    )
    root.add_argument(
        "--taxonomy", type=Path, default=Path("taxonomy.toml"), help="categories and vocabularies"
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _add_samples(commands.add_parser("samples", help="draw the sample pictures"))
    _add_detector(commands.add_parser("detector", help="train the detector (ultralytics, AGPL-3.0)"))
    _add_embedder(commands.add_parser("embedder", help="train the two-tower embedder"))
    _add_evaluate(commands.add_parser("evaluate", help="measure exported artifacts on labelled photos"))
    return root


def _add_samples(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--seed", type=int, default=7)
    command.set_defaults(run=_samples)


def _add_recipe(command: argparse.ArgumentParser, minutes: float) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics, curves")
    command.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help="idx.gz files")
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="decoded photos (default: ~/.cache)")
    command.add_argument(
        "--minutes", type=float, default=minutes, help=f"how long to train (default {minutes:g})"
    )
    command.add_argument("--seed", type=int, default=0)


def _add_detector(command: argparse.ArgumentParser) -> None:
    _add_recipe(command, 30)
    command.add_argument(
        "--start-from", type=Path, metavar="CHECKPOINT", help="weights to refine, at a lower rate"
    )
    command.set_defaults(run=_detector)


def _add_embedder(command: argparse.ArgumentParser) -> None:
    _add_recipe(command, 40)
    command.add_argument("--threads", type=int, default=1)
    command.set_defaults(run=_embedder)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("--photos", type=Path, required=True, metavar="FOLDER", help="of the JPEG files")
    command.add_argument("--labels", type=Path, required=True, metavar="CSV", help="image, label and split")
    command.add_argument("--detector", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--embedder", type=Path, required=True, metavar="ARTIFACT")
    command.add_argument("--split", default="validation")
    command.add_argument("--out", type=Path, metavar="JSON", help="also write the figures there")
    command.set_defaults(run=_evaluate)


def _samples(options: argparse.Namespace) -> None:
    from training.samples import catalogue, write_samples

    write_samples(options.out, catalogue(), Taxonomy.load(options.taxonomy), options.seed)


def _detector(options: argparse.Namespace) -> None:
    from training.detector import DetectorOptions, train_detector

    sys.stdout.write(
        f"{train_detector(DetectorOptions(**_recipe(options), start_from=options.start_from))}\n"
    )


def _embedder(options: argparse.Namespace) -> None:
    from training.embedder import EmbedderOptions, train_embedder

    weights = train_embedder(EmbedderOptions(**_recipe(options), threads=options.threads))
    sys.stdout.write(f"{weights}\n")


def _recipe(options: argparse.Namespace) -> dict[str, Any]:
    names = ("data", "out", "taxonomy", "fashion_mnist", "minutes", "seed")
    values = {name: getattr(options, name) for name in names}
    return values if options.cache is None else values | {"cache": options.cache}


def _evaluate(options: argparse.Namespace) -> None:
    from training.evaluation import evaluate, write_figures

    figures = evaluate(
        options.photos,
        options.labels,
        options.split,
        options.detector,
        options.embedder,
        Taxonomy.load(options.taxonomy),
    )
    write_figures(figures, options.out)


if __name__ == "__main__":
    sys.exit(main())
