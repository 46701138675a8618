"""Trains a tagger: one backbone with a head each for pattern, fit, formality, seasons and style.

A garment counts for the heads whose tags are known of it, so tables with different tags can be joined.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from export.tagger.exporter import HEADS
from export.tagger.graph import answers
from models.tag_head import TagHead
from training.data.tag_table import (
    TagData,
    TaggedPicture,
    TaggedPictures,
    default_heads,
    read_tagged,
    tags_sha256,
)
from training.recipes.backbone import (
    Backbone,
    load_backbone,
)
from training.recipes.picture_batches import Batch
from training.recipes.picture_run import PictureRecipeParams, PictureRun
from training.recipes.tag_targets import TagTargets, masked_losses
from training.recipes.tagger_figures import HeadFigures, measure_heads, score
from training.recipes.tagger_report import write_tagger_report


class HeadWeights(BaseModel):
    """The weight of each head's loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: float = Field(1.0, ge=0, description="of cross-entropy")
    fit: float = Field(1.0, ge=0, description="of cross-entropy")
    formality: float = Field(2.0, ge=0, description="of binary cross-entropy")
    seasons: float = Field(1.0, ge=0, description="of binary cross-entropy")
    style: float = Field(1.0, ge=0, description="of binary cross-entropy")


class TaggerParams(PictureRecipeParams):
    """The keys of the recipe `tagger`."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "cpu": {
            "network": {"input_px": 160, "frozen_stride": 8},
            "head": {"views": 2},
            "learning_rate": 3e-4,
            "threads": 1,
        },
        "gpu-4gb": {"batch": 16, "accumulation": 2, "workers": 2},
        "gpu": {"batch": 128, "learning_rate": 4e-4, "workers": 8},
    }

    data: TagData
    taxonomy: Path = Field(Path("domain/taxonomy.toml"), description="has the values of pattern and style")
    weights: HeadWeights = HeadWeights()


def train_tagger(params: TaggerParams, folder: Path) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the folder that `export tagger` takes.

    Raises:
        InvalidInput: data or weights are missing, or the run was started with other params or other data.
    """
    params.begin()
    heads = default_heads(Taxonomy.load(params.taxonomy))
    pictures = read_tagged(params.data, heads)
    backbone = load_backbone(params.network, sum(head.width for head in heads))
    run = TaggerRun(params, folder, backbone, heads, pictures)
    model = run.complete()
    rows = [asdict(head) for head in heads]
    (model / HEADS).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    write_tagger_report(run)
    return model


class TaggerRun(PictureRun):
    """A tagger in training."""

    name = "tagger"
    figure = "validation score"

    def __init__(
        self,
        params: TaggerParams,
        folder: Path,
        backbone: Backbone,
        heads: tuple[TagHead, ...],
        pictures: TaggedPictures,
    ) -> None:
        self.params, self.heads, self.pictures = params, heads, pictures
        facts = pictures.facts("garments", tags_sha256)
        train, held = ([picture.file for picture in split] for split in (pictures.train, pictures.validation))
        super().__init__(params, folder, backbone, facts, (train, held))
        self._targets = TagTargets.of(heads, pictures.train)

    def measure(self, pictures: Sequence[TaggedPicture]) -> list[HeadFigures]:
        """The figures of the averaged weights."""
        logits = self.outputs([picture.file for picture in pictures])
        return self._measure(answers(logits, self.heads).numpy(), pictures)

    def _measure(self, found: FloatArray, pictures: Sequence[TaggedPicture]) -> list[HeadFigures]:
        targets = TagTargets.of(self.heads, pictures)
        groups = [picture.group or str(picture.file.path) for picture in pictures]
        return measure_heads(self.heads, found, targets.values.numpy(), targets.known.numpy(), groups)

    def _output_names(self) -> Sequence[str]:
        return [f"{head.name}: {value}" for head in self.heads for value in head.values or ("0 to 1",)]

    def _head_loss(self, outputs: Tensor, indices: Tensor) -> Tensor:
        return torch.stack([*self._head_losses(outputs, indices).values()]).sum()

    def _head_figure(self, outputs: Tensor) -> float:
        return score(self._measure(answers(outputs, self.heads).numpy(), self.pictures.validation))

    def _head_losses(self, logits: Tensor, indices: Tensor) -> dict[str, Tensor]:
        return masked_losses(logits, self._targets.rows(indices), self.params.weights.model_dump())

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        pictures, indices = batch
        return self._head_losses(self._trained_outputs(pictures), indices)

    def _validate(self) -> dict[str, float]:
        logits = self._passes.held_outputs(self.average)
        figures = self._measure(answers(logits, self.heads).numpy(), self.pictures.validation)
        named = {
            f"{each.head} {name}": estimate.value
            for each in figures
            for name, estimate in list(each.figures.items())[:1]
        }
        return {self.figure: score(figures), **named}
