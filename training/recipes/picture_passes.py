"""Passes of a network over pictures in files: batches, outputs, and the first training of its head."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor
from tqdm import tqdm

from training.data.picture_file import PictureFile
from training.recipes.backbone import Backbone, NetworkParams
from training.recipes.classification_views import Augmentation
from training.recipes.frozen_head import Features, Loss, Score, fit_head, solve_head
from training.recipes.frozen_maps import frozen_part, stored, trained_part
from training.recipes.params import RecipeParams
from training.recipes.picture_batches import Batch, Views, in_order, in_rows, normalizer, shuffled
from training.recipes.precision import MixedPrecision

_HEAD = "head.pt"


class HeadParams(BaseModel):
    """The training of the head alone, on features of the frozen backbone that are computed once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    solver: Literal["lbfgs", "adamw"] = Field(
        "lbfgs",
        description="lbfgs: by all features at once, with the penalty that is best on the validation "
        "pictures; adamw: by batches, the best pass by the same",
    )
    epochs: int = Field(
        60, ge=0, description="passes of the head over the features; 0: it is not trained alone"
    )
    penalties: tuple[float, ...] = Field(
        (0.1, 0.03, 0.01, 0.003), min_length=1, description="factors of the squared weights, of lbfgs"
    )
    rate: float = Field(3e-3, gt=0, lt=1, description="learning rate of adamw")
    views: int = Field(
        1, ge=1, description="views of each picture, the first of which is whole; kept views replace them"
    )


class PicturePasses:
    """Reads the pictures of two splits as a recipe's params say, and runs networks on them.

    With `kept_views`, the outputs of the frozen layers are computed once for so many views of each training
    picture, the first of which is the whole picture, and for the whole validation pictures.
    """

    def __init__(
        self,
        params: RecipeParams,
        network: NetworkParams,
        augmentation: Augmentation,
        backbone: Backbone,
        mixed: MixedPrecision,
        splits: tuple[Sequence[PictureFile], Sequence[PictureFile]],
    ) -> None:
        self._params, self._network, self._augmentation = params, network, augmentation
        self._mixed, self._fill = mixed, backbone.fill(network)
        self._train, self._held = splits
        self._normalized: Callable[[Tensor], Tensor] = normalizer(backbone.mean, backbone.std, mixed.device)
        self._parts: dict[int, Any] = {}
        self._train_maps: list[Tensor] = []
        self._held_maps: Tensor | None = None

    def keep_maps(self, network: Any) -> None:
        """Compute what is kept of the frozen layers, if anything is."""
        if not self._network.kept_views:
            return
        frozen = frozen_part(network, self._network.frozen_stride).eval()
        views = self._some_views(self._network.kept_views)
        self._train_maps = [self._maps(frozen, each, f"view {n}") for n, each in enumerate(views, start=1)]
        self._held_maps = self._maps(frozen, self._views(self._held), "validation")

    def batches(self, epoch: int) -> Iterator[Batch]:
        """Augmented views of all training pictures in an order; both follow from the seed and the epoch."""
        if not self._train_maps:
            views = self._views(self._train, self._augmentation, epoch)
            return shuffled(views, self._params.batch, self._params.workers)
        rng = np.random.default_rng((self._params.seed, epoch))
        order, size = rng.permutation(len(self._train)), self._params.batch
        return self._kept_batches(rng, [order[at : at + size] for at in range(0, len(order), size)])

    def batches_of(self, epoch: int, rows: Sequence[Sequence[int]]) -> Iterator[Batch]:
        """Augmented views of the training pictures with these indices, one batch for each row of them."""
        if not self._train_maps:
            return in_rows(self._views(self._train, self._augmentation, epoch), rows, self._params.workers)
        batches = [np.asarray(row, np.int64) for row in rows]
        return self._kept_batches(np.random.default_rng((self._params.seed, epoch)), batches)

    def batch_count(self) -> int:
        return -(-len(self._train) // self._params.batch)

    def inputs(self, rows: Tensor) -> Tensor:
        """What `run` takes of a batch: normalised pictures (N, 3, S, S), or kept maps, float32."""
        return rows.to(self._mixed.device).float() if self._train_maps else self._normalized(rows)

    def run(self, network: Any, inputs: Tensor) -> Tensor:
        """The network's outputs for inputs of training batches."""
        found: Tensor = self._part(network)(inputs) if self._train_maps else network(inputs)
        return found

    @torch.no_grad()
    def held_outputs(self, network: Any) -> Tensor:
        """Outputs (N, O) float32 for the whole validation pictures, by a network in evaluation mode."""
        if self._held_maps is None:
            return self.outputs(network, self._held)
        parts = self._held_maps.split(2 * self._params.batch)  # type: ignore[no-untyped-call]
        with self._mixed.autocast():
            return torch.cat([self._part(network)(self.inputs(part)).float().cpu() for part in parts])

    @torch.no_grad()
    def outputs(self, network: Any, files: Sequence[PictureFile]) -> Tensor:
        """Outputs (N, O) float32 for whole pictures, by a network in evaluation mode."""
        rows = []
        for pictures, _ in self._in_order(self._views(files)):
            with self._mixed.autocast():
                rows.append(network(self._normalized(pictures)).float().cpu())
        return torch.cat(rows)

    def fit_head(self, network: Any, folder: Path, params: HeadParams, loss: Loss, score: Score) -> None:
        """Train the network's head alone, or take the result of an interrupted run in the folder."""
        path = folder / _HEAD
        if params.epochs and not path.is_file():
            network.eval()
            views = [] if self._train_maps else self._some_views(params.views)
            seen = [self._features(network, each) for each in views]
            seen += [self._features_of_maps(network, maps) for maps in self._train_maps]
            held = (
                self._features(network, self._views(self._held))
                if self._held_maps is None
                else self._features_of_maps(network, self._held_maps)
            )
            indices = torch.arange(len(self._train)).repeat(len(seen))
            head = network.get_classifier().cpu()
            features = Features(torch.cat(seen), indices)
            if params.solver == "adamw":
                value = fit_head(head, features, held, loss, score, epochs=params.epochs, rate=params.rate)
            else:
                value = solve_head(
                    head, features, held, loss, score, passes=params.epochs, penalties=params.penalties
                )
            torch.save({"weights": head.to(self._mixed.device).state_dict(), "value": value}, path)
        if path.is_file():
            found = torch.load(path, map_location=self._mixed.device, weights_only=True)
            network.get_classifier().load_state_dict(found["weights"])

    def set_training_mode(self, network: Any) -> None:
        """The part of a network that is run in training mode follows the network's own."""
        if self._train_maps:
            self._part(network).training = network.training

    def _part(self, network: Any) -> Any:
        if id(network) not in self._parts:
            self._parts[id(network)] = trained_part(network, self._network.frozen_stride)
        return self._parts[id(network)]

    def _kept_batches(
        self, rng: np.random.Generator, rows: Sequence[npt.NDArray[np.int64]]
    ) -> Iterator[Batch]:
        chosen = rng.integers(len(self._train_maps), size=len(self._train))
        for indices in rows:
            yield (
                torch.stack([self._train_maps[chosen[index]][index] for index in indices]),
                torch.from_numpy(indices),
            )

    @torch.no_grad()
    def _maps(self, frozen: Any, views: Views, task: str) -> Tensor:
        rows = []
        for pictures, _ in tqdm(self._in_order(views), desc=f"frozen layers, {task}", unit="batch"):
            with self._mixed.autocast():
                rows.append(stored(frozen(self._normalized(pictures))))
        return torch.cat(rows)

    @torch.no_grad()
    def _features(self, network: Any, views: Views) -> Tensor:
        """Pooled features (N, F) before the classifier."""
        rows = []
        for pictures, _ in tqdm(self._in_order(views), desc="features", unit="batch"):
            with self._mixed.autocast():
                rows.append(_pooled(network, self._normalized(pictures)))
        return torch.cat(rows)

    @torch.no_grad()
    def _features_of_maps(self, network: Any, maps: Tensor) -> Tensor:
        part = self._part(network).eval()
        with self._mixed.autocast():
            parts = maps.split(2 * self._params.batch)  # type: ignore[no-untyped-call]
            return torch.cat([_pooled(part, self.inputs(each)) for each in parts])

    def _in_order(self, views: Views) -> Iterator[Batch]:
        return in_order(views, 2 * self._params.batch, self._params.workers)

    def _some_views(self, count: int) -> list[Views]:
        """The whole pictures, and other views of them, which have negative numbers."""
        others = [self._views(self._train, self._augmentation, -number) for number in range(1, count)]
        return [self._views(self._train), *others]

    def _views(
        self, files: Sequence[PictureFile], augmentation: Augmentation | None = None, number: int = 0
    ) -> Views:
        side, seed = self._network.input_px, (self._params.seed, number % 2**32)
        return Views(files, side, augmentation, seed, fill=self._fill)


def _pooled(network: Any, inputs: Tensor) -> Tensor:
    found: Tensor = network.forward_head(network.forward_features(inputs), pre_logits=True)
    return found.float().cpu()


def head_value(folder: Path) -> float | None:
    """The validation figure of the head on the frozen backbone; None where it was not trained alone."""
    path = folder / _HEAD
    return float(torch.load(path, weights_only=True)["value"]) if path.is_file() else None
