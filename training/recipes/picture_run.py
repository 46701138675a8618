"""What recipes that train a network of timm on pictures have in common: classifier, tagger, siamese."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import torch
from pydantic import Field
from torch import Tensor

from training.data.picture_file import PictureFile
from training.recipes.backbone import Backbone, NetworkParams, keep_frozen_statistics, parameter_groups
from training.recipes.classification_views import Augmentation
from training.recipes.epoch_run import EpochRun
from training.recipes.params import RecipeParams
from training.recipes.picture_batches import Batch
from training.recipes.picture_passes import HeadParams, PicturePasses
from training.recipes.timm_folder import write_timm_folder

MODEL = "model"
Files: TypeAlias = Sequence[PictureFile]


class PictureRecipeParams(RecipeParams):
    """The keys of recipes that train a network of timm on pictures."""

    epochs: int = Field(
        30, ge=0, description="passes over the training split with all layers; 0: the head alone is trained"
    )
    network: NetworkParams = NetworkParams()
    head: HeadParams = HeadParams()
    augmentation: Augmentation = Augmentation()

    def begin(self) -> None:
        """Set threads and seed, before weights are drawn."""
        torch.set_num_threads(self.threads)
        cv2.setNumThreads(1)
        torch.manual_seed(self.seed)


class PictureRun(EpochRun):
    """A network in training: its head on the features of the frozen network, then all layers not frozen."""

    def __init__(
        self,
        params: PictureRecipeParams,
        folder: Path,
        backbone: Backbone,
        facts: Mapping[str, str],
        splits: tuple[Files, Files],
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._backbone, self._recipe = folder, backbone, params
        super().__init__(params, folder, backbone.network, facts)
        self._passes = PicturePasses(
            params, params.network, params.augmentation, backbone, self._mixed, splits
        )

    @abstractmethod
    def _head_loss(self, outputs: Tensor, indices: Tensor) -> Tensor:
        """The loss of outputs (N, O) for the training pictures with these indices (N,)."""

    @abstractmethod
    def _head_figure(self, outputs: Tensor) -> float:
        """The `figure` of outputs (V, O) for the validation pictures."""

    @abstractmethod
    def _output_names(self) -> Sequence[str]:
        """A name for each output of the network."""

    def complete(self) -> Path:
        """Train, or go on after the folder's last checkpoint; returns the model's folder.

        Raises:
            InvalidInput: the run was started with other params or other data.
        """
        resumed = self.resume()
        self._passes.keep_maps(self.model)
        if not resumed:
            head = self._recipe.head
            self._passes.fit_head(self.model, self.folder, head, self._head_loss, self._head_figure)
            self.average.load_state_dict(self.model.state_dict())
        self.train()
        model = self.folder / MODEL
        names, network = self._output_names(), self._recipe.network
        write_timm_folder(model, self.average, network, names, self._backbone)
        return model

    def outputs(self, files: Files) -> Tensor:
        """Outputs (N, O) for whole pictures, by the averaged weights."""
        return self._passes.outputs(self.average, files)

    def _parameter_groups(self) -> list[dict[str, Any]]:
        params = self._recipe
        return parameter_groups(self.model, params.learning_rate, params.network.rate, params.weight_decay)

    def _set_training_mode(self) -> None:
        self.model.train()
        keep_frozen_statistics(self._backbone)
        self._passes.set_training_mode(self.model)

    def _batches(self, epoch: int) -> Iterator[Batch]:
        return self._passes.batches(epoch)

    def _batch_count(self) -> int:
        return self._passes.batch_count()

    def _trained_outputs(self, pictures: Tensor) -> Tensor:
        """The outputs of the network that is trained, for the pictures of a batch."""
        return self._passes.run(self.model, self._passes.inputs(pictures))
