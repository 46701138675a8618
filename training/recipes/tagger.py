"""Trains a tagger: one backbone with a head each for pattern, fit, formality, seasons and style.

A garment counts for the heads whose tags are known of it, so tables with different tags can be joined.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import cv2
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
    NetworkParams,
    keep_frozen_statistics,
    load_backbone,
    parameter_groups,
)
from training.recipes.classification_views import Augmentation
from training.recipes.epoch_run import EpochRun
from training.recipes.params import RecipeParams
from training.recipes.picture_batches import Batch
from training.recipes.picture_passes import HeadParams, PicturePasses
from training.recipes.tag_targets import TagTargets, masked_losses
from training.recipes.tagger_figures import HeadFigures, measure_heads, score
from training.recipes.tagger_report import write_tagger_report
from training.recipes.timm_folder import write_timm_folder

MODEL = "model"


class HeadWeights(BaseModel):
    """The weight of each head's loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: float = Field(1.0, ge=0, description="of cross-entropy")
    fit: float = Field(1.0, ge=0, description="of cross-entropy")
    formality: float = Field(2.0, ge=0, description="of binary cross-entropy")
    seasons: float = Field(1.0, ge=0, description="of binary cross-entropy")
    style: float = Field(1.0, ge=0, description="of binary cross-entropy")


class TaggerParams(RecipeParams):
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
    network: NetworkParams = NetworkParams()
    head: HeadParams = HeadParams()
    augmentation: Augmentation = Augmentation()
    weights: HeadWeights = HeadWeights()


def train_tagger(params: TaggerParams, folder: Path) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the folder that `export tagger` takes.

    Raises:
        InvalidInput: data or weights are missing, or the run was started with other params or other data.
    """
    torch.set_num_threads(params.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(params.seed)
    heads = default_heads(Taxonomy.load(params.taxonomy))
    pictures = read_tagged(params.data, heads)
    backbone = load_backbone(params.network, sum(head.width for head in heads))
    folder.mkdir(parents=True, exist_ok=True)
    run = TaggerRun(params, folder, backbone, heads, pictures)
    resumed = run.resume()
    run.prepare(fit_head=not resumed)
    run.train()
    model = run.write_model()
    write_tagger_report(run)
    return model


class TaggerRun(EpochRun):
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
        self.params, self.folder, self.heads, self.pictures = params, folder, heads, pictures
        self._backbone = backbone
        super().__init__(params, folder, backbone.network, _data_facts(pictures))
        files = tuple([picture.file for picture in split] for split in (pictures.train, pictures.validation))
        self._passes = PicturePasses(
            params, params.network, params.augmentation, backbone, self._mixed, (files[0], files[1])
        )
        self._targets = TagTargets.of(heads, pictures.train)

    def prepare(self, *, fit_head: bool) -> None:
        """Compute what is kept of the frozen layers, and train the heads on the backbone's features."""
        self._passes.keep_maps(self.model)
        if not fit_head:
            return
        held = self.pictures.validation
        self._passes.fit_head(
            self.model,
            self.folder,
            self.params.head,
            lambda logits, indices: self._whole_loss(logits, indices),
            lambda logits: score(self._measure(answers(logits, self.heads).numpy(), held)),
        )
        self.average.load_state_dict(self.model.state_dict())

    def write_model(self) -> Path:
        """Write the best weights with preprocessing as timm reads them, and the heads."""
        folder = self.folder / MODEL
        names = [f"{head.name}: {value}" for head in self.heads for value in head.values or ("0 to 1",)]
        write_timm_folder(folder, self.average, self.params.network, names, self._backbone)
        rows = [asdict(head) for head in self.heads]
        (folder / HEADS).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
        return folder

    def measure(self, pictures: Sequence[TaggedPicture]) -> list[HeadFigures]:
        """The figures of the averaged weights."""
        logits = self._passes.outputs(self.average, [picture.file for picture in pictures])
        return self._measure(answers(logits, self.heads).numpy(), pictures)

    def _measure(self, found: FloatArray, pictures: Sequence[TaggedPicture]) -> list[HeadFigures]:
        targets = TagTargets.of(self.heads, pictures)
        groups = [picture.group or str(picture.file.path) for picture in pictures]
        return measure_heads(self.heads, found, targets.values.numpy(), targets.known.numpy(), groups)

    def _whole_loss(self, logits: Tensor, indices: Tensor) -> Tensor:
        return torch.stack([*self._head_losses(logits, indices).values()]).sum()

    def _head_losses(self, logits: Tensor, indices: Tensor) -> dict[str, Tensor]:
        return masked_losses(logits, self._targets.rows(indices), self.params.weights.model_dump())

    def _parameter_groups(self) -> list[dict[str, Any]]:
        params = self.params
        return parameter_groups(self.model, params.learning_rate, params.network.rate, params.weight_decay)

    def _set_training_mode(self) -> None:
        self.model.train()
        keep_frozen_statistics(self._backbone)
        self._passes.set_training_mode(self.model)

    def _batches(self, epoch: int) -> Iterator[Batch]:
        return self._passes.batches(epoch)

    def _batch_count(self) -> int:
        return self._passes.batch_count()

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        pictures, indices = batch
        return self._head_losses(self._passes.run(self.model, self._passes.inputs(pictures)), indices)

    def _validate(self) -> dict[str, float]:
        logits = self._passes.held_outputs(self.average)
        figures = self._measure(answers(logits, self.heads).numpy(), self.pictures.validation)
        named = {
            f"{each.head} {name}": estimate.value
            for each in figures
            for name, estimate in list(each.figures.items())[:1]
        }
        return {self.figure: score(figures), **named}


def _data_facts(pictures: TaggedPictures) -> dict[str, str]:
    splits = {name: getattr(pictures, name) for name in ("train", "validation", "test")}
    facts = {f"{name} garments": str(len(split)) for name, split in splits.items()}
    return facts | {f"{name} sha256": tags_sha256(split) for name, split in splits.items() if split}
