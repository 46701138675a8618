"""Trains a Siamese network: pictures of garments that go together lie near each other.

Source: Hadsell, Chopra, LeCun 2006, "Dimensionality Reduction by Learning an Invariant Mapping"; for outfits,
Veit et al. 2015, "Learning Visual Clothing Style with Heterogeneous Dyadic Co-occurrences".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from domain.errors import InvalidInput
from domain.types import FloatArray
from export.siamese.graph import embeddings
from training.data.outfit_data import OutfitData, Outfits, outfit_facts, read_outfit_data
from training.data.outfit_sets import OutfitSet
from training.data.picture_file import PictureFile
from training.evaluation.intervals import Estimate
from training.evaluation.outfit_figures import OutfitTest, ScoreSets, ask, measure, values
from training.recipes.backbone import (
    Backbone,
    NetworkParams,
    load_backbone,
)
from training.recipes.memory import training_memory
from training.recipes.outfit_report import write_outfit_report
from training.recipes.picture_batches import Batch
from training.recipes.picture_passes import HeadParams
from training.recipes.picture_run import PictureRecipeParams, PictureRun


class SiameseNetworkParams(NetworkParams):
    """Which network is trained, and what of it."""

    backbone: str = Field("mobilenetv2_100", min_length=1, description="a network of timm")
    input_px: int = Field(128, ge=32, multiple_of=32, description="side of the input")


class SiameseHeadParams(HeadParams):
    """The training of the last layer alone, whose loss compares all items of a batch."""

    solver: Literal["lbfgs", "adamw"] = Field("adamw", description="lbfgs: by all items at once")


class SiameseParams(PictureRecipeParams):
    """The keys of the recipe `siamese`."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "cpu": {"network": {"frozen_stride": 16, "kept_views": 3}, "learning_rate": 3e-4, "threads": 1},
        "gpu-4gb": {"batch": 8, "accumulation": 2, "workers": 2},
        "gpu": {"batch": 64, "learning_rate": 4e-4, "workers": 8},
    }

    batch: int = Field(16, ge=2, description="outfits at a time on the device, with all their items")
    data: OutfitData
    network: SiameseNetworkParams = SiameseNetworkParams()
    width: int = Field(128, ge=2, description="of embeddings")
    margin: float = Field(1.0, gt=0, le=2, description="distance from which items that do not belong count 0")
    head: SiameseHeadParams = SiameseHeadParams()


def train_siamese(params: SiameseParams, folder: Path) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the folder that `export siamese` takes.

    Raises:
        InvalidInput: data or weights are missing, or the run was started with other params or other data.
    """
    params.begin()
    outfits = read_outfit_data(params.data)
    if bare := next((item for item in outfits.items.values() if item.picture is None), None):
        raise InvalidInput("data.path", f"has an item without a picture: {bare.id}")
    run = SiameseRun(params, folder, outfits, load_backbone(params.network, params.width))
    model = run.complete()
    write_outfit_report(run, "Siamese network", f"python -m export siamese {model} --name outfit-pairs")
    return model


class SiameseRun(PictureRun):
    """A Siamese network in training."""

    name = "siamese"
    figure = "validation AUC"

    def __init__(self, params: SiameseParams, folder: Path, outfits: Outfits, backbone: Backbone) -> None:
        self.params, self.outfits = params, outfits
        self._train, self._held = _Items.of(outfits.train), _Items.of(outfits.validation)
        splits = self._train.files, self._held.files
        super().__init__(params, folder, backbone, outfit_facts(outfits), splits)
        self._test = OutfitTest.of_split(outfits, "validation")

    def measure(self, split: str) -> dict[str, Estimate]:
        """The figures of the averaged weights."""
        items = _Items.of(getattr(self.outfits, split))
        test = OutfitTest.of_split(self.outfits, split)
        outputs = self.outputs(items.files)
        return measure(ask(_scorer(items, outputs), test), test)

    def memory(self) -> str:
        """A sentence on the memory of a step."""
        pictures = self.params.batch * round(len(self._train.files) / len(self.outfits.train))
        input_px = self.params.network.input_px
        return training_memory(self.model, input_px, pictures).described(pictures, input_px)

    def _output_names(self) -> Sequence[str]:
        return [f"embedding {index}" for index in range(self.params.width)]

    def _batches(self, epoch: int) -> Iterator[Batch]:
        order = np.random.default_rng((self.params.seed, epoch)).permutation(len(self.outfits.train))
        size, of_outfit = self.params.batch, self._train.of_outfit
        rows = [
            [row for outfit in order[start : start + size] for row in of_outfit[outfit]]
            for start in range(0, len(order), size)
        ]
        return self._passes.batches_of(epoch, rows)

    def _batch_count(self) -> int:
        return -(-len(self.outfits.train) // self.params.batch)

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        pictures, indices = batch
        return {"pairs": self._head_loss(self._trained_outputs(pictures), indices)}

    def _head_loss(self, outputs: Tensor, indices: Tensor) -> Tensor:
        outfits, categories = (each[indices].to(outputs.device) for each in self._train.labels)
        return contrastive_loss(embeddings(outputs), outfits, categories, self.params.margin)

    def _head_figure(self, outputs: Tensor) -> float:
        return self._figures(outputs)[self.figure]

    def _validate(self) -> dict[str, float]:
        return self._figures(self._passes.held_outputs(self.average))

    def _figures(self, outputs: Tensor) -> dict[str, float]:
        found = values(ask(_scorer(self._held, outputs), self._test), self._test)
        areas = [value for name, value in found.items() if name.startswith("AUC")]
        named = {f"validation {name}": value for name, value in found.items()}
        return {self.figure: float(np.mean(areas)), **named}


def contrastive_loss(points: Tensor, outfits: Tensor, categories: Tensor, margin: float) -> Tensor:
    """The loss of all pairs of points (N, D) of different categories: those of one outfit should be near,
    others at least `margin` apart. Both kinds count the same.
    """
    apart = torch.cdist(points, points).clamp(min=1e-6)
    same = outfits[:, None] == outfits[None]
    other = categories[:, None] != categories[None]
    near = apart[same & other].square()
    far = (margin - apart[~same & other]).clamp(min=0).square()
    parts = [each.mean() for each in (near, far) if len(each)]
    return torch.stack(parts).sum() if parts else points.sum() * 0


class _Items:
    """The items of outfits in a row: their picture files, and which outfit and category each is of."""

    def __init__(
        self, files: list[PictureFile], index: dict[str, int], labels: tuple[Tensor, Tensor]
    ) -> None:
        self.files, self.index, self.labels = files, index, labels
        self.of_outfit: dict[int, list[int]] = {}
        for row, outfit in enumerate(labels[0].tolist()):
            self.of_outfit.setdefault(outfit, []).append(row)

    @classmethod
    def of(cls, outfits: Sequence[OutfitSet]) -> _Items:
        """An item that is in two outfits has two rows."""
        rows = [(number, item) for number, outfit in enumerate(outfits) for item in outfit.items]
        names = {name: number for number, name in enumerate(sorted({item.category for _, item in rows}))}
        files = [file for _, item in rows if (file := item.picture) is not None]
        labels = (
            torch.tensor([number for number, _ in rows]),
            torch.tensor([names[item.category] for _, item in rows]),
        )
        return cls(files, {item.id: row for row, (_, item) in enumerate(rows)}, labels)


def _scorer(items: _Items, outputs: Tensor) -> ScoreSets:
    """Scores sets by how near their items are: 1 less half the mean distance of all pairs."""
    points: FloatArray = embeddings(outputs).numpy()

    def score(sets: Sequence[tuple[str, ...]]) -> FloatArray:
        rows = [[points[items.index[id]] for id in each] for each in sets]
        return np.array([nearness(np.stack(each)) for each in rows], np.float32)

    return score


def nearness(points: FloatArray) -> float:
    """1 less half the mean distance of all pairs of points (N, D), L2-normalised: 0 to 1."""
    pairs = [float(np.linalg.norm(one - other)) for one, other in combinations(points, 2)]
    return 1 - sum(pairs) / len(pairs) / 2 if pairs else 1.0
