"""Trains an image classifier of timm on pictures with one label each.

A linear head is trained first on the features of the frozen backbone, then all layers that are not frozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from training.data.picture_data import (
    LabelledPicture,
    LabelledPictures,
    PictureData,
    pictures_sha256,
    read_pictures,
)
from training.recipes.backbone import (
    Backbone,
    load_backbone,
)
from training.recipes.classifier_figures import balanced_top1, top_share
from training.recipes.classifier_report import write_classifier_report
from training.recipes.picture_batches import Batch
from training.recipes.picture_run import PictureRecipeParams, PictureRun


class ClassifierParams(PictureRecipeParams):
    """The keys of the recipe `classifier`."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "cpu": {
            "network": {"input_px": 160, "frozen_stride": 8},
            "head": {"views": 3},
            "learning_rate": 3e-4,
            "threads": 1,
        },
        "gpu-4gb": {"batch": 16, "accumulation": 2, "workers": 2},
        "gpu": {"batch": 128, "learning_rate": 4e-4, "workers": 8},
    }

    data: PictureData
    class_weights: Literal["none", "sqrt", "inverse"] = Field(
        "sqrt", description="of labels in the loss: by the square root of their counts, or by their counts"
    )
    mixup: float = Field(0.2, ge=0, description="alpha of mixup; 0: none")
    label_smoothing: float = Field(0.1, ge=0, lt=1, description="share of a label that all labels have")
    top_k: int = Field(3, ge=2, description="answers among which the label is counted as found")


def train_classifier(params: ClassifierParams, folder: Path) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the model's folder, as timm reads it.

    `python -m export classifier local-dir:FOLDER/model` takes it. The test split is measured at the end.

    Raises:
        InvalidInput: data or weights are missing, or the run was started with other params or other data.
    """
    params.begin()
    pictures = read_pictures(params.data)
    run = ClassifierRun(params, folder, load_backbone(params.network, len(pictures.labels)), pictures)
    model = run.complete()
    write_classifier_report(run)
    return model


class ClassifierRun(PictureRun):
    """A classifier in training."""

    name = "classifier"
    figure = "validation top-1"

    def __init__(
        self, params: ClassifierParams, folder: Path, backbone: Backbone, pictures: LabelledPictures
    ) -> None:
        self.params, self.pictures = params, pictures
        facts = pictures.facts("pictures", pictures_sha256)
        train, held = ([picture.file for picture in split] for split in (pictures.train, pictures.validation))
        super().__init__(params, folder, backbone, facts, (train, held))
        self._train_labels, self._held_labels = (
            torch.tensor(pictures.indices(split)) for split in (pictures.train, pictures.validation)
        )
        self._weights = class_weights(self._train_labels, len(pictures.labels), params.class_weights)

    def probabilities(self, pictures: Sequence[LabelledPicture]) -> Tensor:
        """Probabilities (N, labels) of whole pictures, by the averaged weights."""
        return self.outputs([picture.file for picture in pictures]).softmax(dim=1)

    def _output_names(self) -> Sequence[str]:
        return self.pictures.labels

    def _head_loss(self, outputs: Tensor, indices: Tensor) -> Tensor:
        return self._loss(outputs, self._targets(indices))

    def _head_figure(self, outputs: Tensor) -> float:
        return top_share(outputs, self._held_labels, 1)

    def _losses(self, batch: Batch) -> dict[str, Tensor]:
        pictures, indices = batch
        inputs, targets = self._passes.inputs(pictures), self._targets(indices).to(self._mixed.device)
        alpha = self.params.mixup
        if alpha and len(inputs) > 1:
            inputs, targets = mixup(inputs, targets, alpha)
        return {"class": self._loss(self._passes.run(self.model, inputs), targets)}

    def _targets(self, indices: Tensor) -> Tensor:
        """Distributions (N, labels) of the pictures' labels, smoothed."""
        count, smoothing = len(self.pictures.labels), self.params.label_smoothing
        exact = functional.one_hot(self._train_labels[indices], count).float()
        return (1 - smoothing) * exact + smoothing / count

    def _loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy, weighted by label."""
        weights = self._weights.to(logits.device)
        each = -(weights * targets * functional.log_softmax(logits.float(), dim=1)).sum(dim=1)
        return each.sum() / (targets @ weights).sum()

    def _validate(self) -> dict[str, float]:
        found, wanted = self._passes.held_outputs(self.average).softmax(dim=1), self._held_labels
        of_label = found.gather(1, wanted[:, None]).clamp(min=1e-9)
        return {
            "validation top-1": top_share(found, wanted, 1),
            f"validation top-{self.params.top_k}": top_share(found, wanted, self.params.top_k),
            "validation macro": balanced_top1(found, wanted),
            "validation loss": float(-of_label.log().mean()),
        }


def class_weights(labels: Tensor, count: int, kind: str) -> Tensor:
    """The weight of each label (count,), of mean 1 over the pictures whose labels are given."""
    numbers = torch.bincount(labels, minlength=count).float().clamp(min=1)
    weights = numbers ** -{"none": 0.0, "sqrt": 0.5, "inverse": 1.0}[kind]
    return weights / weights[labels].mean()


def mixup(inputs: Tensor, targets: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """Each input and its target blended with those of another of the batch, by one random share.

    Source: Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization".
    """
    share = float(torch.distributions.Beta(alpha, alpha).sample())
    order = torch.randperm(len(inputs)).to(inputs.device)
    blend = share * inputs + (1 - share) * inputs[order]
    return blend, share * targets + (1 - share) * targets[order]
