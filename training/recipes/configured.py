"""The recipes that take a params.yaml, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.recipes.classifier import ClassifierParams, train_classifier
from training.recipes.clip import ClipParams, train_clip
from training.recipes.compatibility import CompatibilityParams, train_compatibility
from training.recipes.detector import DetectorParams, train_detector
from training.recipes.params import RecipeParams, key_table, preset_table, read_params
from training.recipes.siamese import SiameseParams, train_siamese
from training.recipes.tagger import TaggerParams, train_tagger


@dataclass(frozen=True, slots=True)
class Recipe:
    """The keys of a recipe, and what trains it: params and the run's folder to what the export takes."""

    params: type[RecipeParams]
    train: Callable[[Any, Path], Path]


def recipe(name: str) -> Recipe:
    """A recipe by its name."""
    recipes = {
        "classifier": Recipe(ClassifierParams, train_classifier),
        "tagger": Recipe(TaggerParams, train_tagger),
        "compatibility": Recipe(CompatibilityParams, train_compatibility),
        "siamese": Recipe(SiameseParams, train_siamese),
        "detector": Recipe(DetectorParams, train_detector),
        "clip": Recipe(ClipParams, train_clip),
    }
    return recipes[name]


def train_configured(name: str, table: Path, folder: Path, overrides: Sequence[tuple[str, str]]) -> Path:
    """Train a recipe with the section of its name in a YAML file; returns what the export takes.

    Raises:
        InvalidInput: a key is wrong, data or weights are missing, or the folder has a run with other params.
    """
    chosen = recipe(name)
    return chosen.train(read_params(chosen.params, name, table, overrides), folder)


def describe(name: str) -> str:
    """The keys and the presets of a recipe in Markdown."""
    params = recipe(name).params
    return f"{key_table(params)}\n\n{preset_table(params)}"
