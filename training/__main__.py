"""`python -m training COMMAND`: trains the demo models, evaluates them and writes their page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from domain.errors import ArtifactError, InvalidInput, Unavailable
from training.command import data, demo_models, evaluation, recipes
from training.command.command import check

DESCRIPTION = """\
Train models on your data (classifier, tagger, detector, clip, compatibility, siamese), or the demo models
from scratch; evaluate exported artifacts and publish the figures.
"""
EPILOG = """\
On your own data: convert (or a table of your own), then a recipe with a params.yaml, then python -m export
(docs/training.md). The demo models, in order: samples, dataset, fcos, embedder, then python -m export
(see training/README.md), baselines, families, evaluate, page. A recipe shows its progress; started again
with the same --out, it resumes from the last checkpoint. With MLFLOW_TRACKING_URI its figures and files go
to MLflow, too.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 2 if the input is invalid."""
    options = parser().parse_args(arguments)
    try:
        check(vars(options))
        options.run(options)
    except (InvalidInput, ArtifactError, Unavailable) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def parser() -> argparse.ArgumentParser:
    """All commands; an option that is not given keeps the default of the recipe's own options class."""
    root = argparse.ArgumentParser(
        prog="python -m training",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument(
        "--taxonomy", type=Path, default=Path("domain/taxonomy.toml"), help="categories and vocabularies"
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, summary: str) -> argparse.ArgumentParser:
        text = f"{summary[0].upper()}{summary[1:]}."
        return commands.add_parser(name, help=summary, description=text, argument_default=argparse.SUPPRESS)

    for commands_of in (data, demo_models, recipes, evaluation):
        commands_of.add_to(add)
    return root


if __name__ == "__main__":
    sys.exit(main())
