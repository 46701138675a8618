"""Commands of the recipes that take a params.yaml."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from export.registry.run_tracking import tracked
from training.command.command import AddCommand, add_overrides

CONFIGURED: Mapping[str, str] = {
    "classifier": "train an image classifier (timm) on pictures with one label each",
    "tagger": "train a tagger: pattern, fit, formality, seasons and style of garments",
    "detector": "train a detector or a segmenter (YOLO of ultralytics, AGPL-3.0) on a data.yaml",
    "clip": "fine-tune an open_clip model on pictures with a sentence each",
    "compatibility": "train a scorer of outfits: a transformer over the embeddings of their items",
    "siamese": "train a Siamese network, for which garments that go together are near each other",
}
"""The recipes that take a params.yaml."""


def add_to(add: AddCommand) -> None:
    for name, summary in CONFIGURED.items():
        _add_configured(add(name, summary), name)
    _add_keys(add("keys", "print the keys and presets of a recipe that takes --config"))


def _add_configured(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument(
        "--config", type=Path, required=True, metavar="YAML", help=f"its section {name!r} has the keys"
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="weights, metrics, curves, report.md"
    )
    add_overrides(command)
    command.set_defaults(run=_configured, recipe=name)


def _configured(options: argparse.Namespace) -> None:
    from training.recipes.configured import train_configured

    overrides = getattr(options, "overrides", ())
    with tracked(options.out):
        sys.stdout.write(f"{train_configured(options.recipe, options.config, options.out, overrides)}\n")


def _add_keys(command: argparse.ArgumentParser) -> None:
    command.add_argument("recipe", choices=CONFIGURED)
    command.set_defaults(run=_keys)


def _keys(options: argparse.Namespace) -> None:
    from training.recipes.configured import describe

    sys.stdout.write(f"{describe(options.recipe)}\n")
