"""The loop of recipes that are trained in epochs, with early stopping and the best weights kept."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from domain.errors import InvalidInput
from training.recipes.metrics_log import MetricsLog
from training.recipes.optimization import schedule, update_average
from training.recipes.params import RecipeParams, flat, require_same
from training.recipes.precision import MixedPrecision
from training.recipes.provenance import Cost, environment, git_commit, spent

CHECKPOINT, BEST = "last.pt", "best.pt"


class EpochRun(ABC):
    """A run in a folder, which goes on from its last whole epoch when it is started again.

    The moving average of the weights is what is validated and kept. Order and augmentation follow from the
    seed and the number of the epoch, so a resumed run gives what one that was not interrupted gives.
    """

    name: str
    figure: str
    """The validation figure by which the best epoch is chosen; higher is better."""

    def __init__(self, params: RecipeParams, folder: Path, model: Any, data_facts: Mapping[str, str]) -> None:
        self._params, self._folder, self._data_facts = params, folder, dict(data_facts)
        self._mixed = MixedPrecision(params)
        self.model: Any = model.to(self._mixed.device, memory_format=torch.channels_last)
        self.average: Any = copy.deepcopy(self.model).eval()
        self._optimizer = torch.optim.AdamW(self._parameter_groups())
        self._metrics_log = MetricsLog(folder)
        self._epoch, self._step = 0, 0
        self.best_epoch, self.best_value = 0, -1.0
        self.cost = Cost()
        self._started = spent()
        self._made_with = {"commit": git_commit(), **environment()}

    @abstractmethod
    def _parameter_groups(self) -> list[dict[str, Any]]:
        """AdamW's groups, each with its highest learning rate as `lr` and as `initial_lr`."""

    @abstractmethod
    def _batches(self, epoch: int) -> Iterable[Any]:
        """The batches of an epoch, which follow from the seed and its number."""

    @abstractmethod
    def _batch_count(self) -> int:
        """How many batches an epoch has."""

    @abstractmethod
    def _losses(self, batch: Any) -> Mapping[str, Tensor]:
        """The parts of a batch's loss by name; called within the autocast context."""

    @abstractmethod
    def _validate(self) -> dict[str, float]:
        """Figures of the averaged weights on the validation split, `figure` among them."""

    def _set_training_mode(self) -> None:
        self.model.train()

    def train(self) -> None:
        """Train the epochs that are left, and load the best weights into `average`.

        Those before the first epoch count as epoch 0: the head on the frozen network may be the best.
        """
        if self._epoch == 0:
            measured = self._validate()
            self._keep_if_best(measured)
            if not self._params.epochs:
                self._log((), measured)
        while self._epoch < self._params.epochs and not self._has_stalled():
            losses = self._train_epoch()
            measured = self._validate()
            self._epoch += 1
            self._keep_if_best(measured)
            self._log(losses, measured)
        self._metrics_log.draw()
        best = self._folder / BEST
        if best.is_file():
            weights = torch.load(best, map_location=self._mixed.device, weights_only=True)
            self.average.load_state_dict(weights)

    def resume(self) -> bool:
        """Load the folder's last checkpoint; returns whether there is one. Else a new run is begun.

        Raises:
            InvalidInput: the run was started with other params or other data.
        """
        path = self._folder / CHECKPOINT
        if not path.is_file():
            self._metrics_log.begin(self.facts())
            return False
        state = torch.load(path, map_location=self._mixed.device, weights_only=True)
        require_same(self._params, state["params"])
        for name, had in state["data"].items():
            if had != (now := self._data_facts.get(name)):
                raise InvalidInput("data", f"{name} is {now}; the run that is resumed had {had}")
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._mixed.scaler.load_state_dict(state["scaler"])
        self._epoch, self._step = state["epoch"], state["step"]
        self.best_epoch, self.best_value = state["best_epoch"], state["best_value"]
        self.cost = Cost(*state["cost"])
        self._metrics_log.rows[:] = [row for row in self.rows if row["epoch"] <= self._epoch]
        return True

    @property
    def trained_epochs(self) -> int:
        """How many whole epochs there were."""
        return self._epoch

    @property
    def rows(self) -> list[dict[str, float]]:
        """The figures of each epoch so far."""
        return self._metrics_log.rows

    def facts(self) -> dict[str, Any]:
        """What the run was made from and with."""
        given = {key: str(value) for key, value in flat(self._params.model_dump(mode="json")).items()}
        made = {"device used": str(self._mixed.device), "precision used": self._mixed.precision}
        return {"params": given, "data": self._data_facts, "made with": made | self._made_with}

    def _keep_if_best(self, measured: Mapping[str, float]) -> None:
        if measured[self.figure] > self.best_value:
            self.best_epoch, self.best_value = self._epoch, measured[self.figure]
            _save(self.average.state_dict(), self._folder / BEST)

    def _has_stalled(self) -> bool:
        return self._epoch - self.best_epoch >= self._params.patience

    def _train_epoch(self) -> list[Mapping[str, float]]:
        torch.manual_seed(self._params.seed + 1_000_003 * (self._epoch + 1))
        self._set_training_mode()
        total = self._batch_count()
        bar = tqdm(self._batches(self._epoch), total=total, desc=f"{self.name} epoch {self._epoch + 1}")
        losses = []
        for parts in _parts(bar, self._params.accumulation, total):
            losses += [self._accumulate(batch, share) for batch, share in parts]
            self._update(total)
        return losses

    def _accumulate(self, batch: Any, share: float) -> Mapping[str, float]:
        with self._mixed.autocast():
            losses = self._losses(batch)
        whole = torch.stack([loss.float() for loss in losses.values()]).sum()
        torch.autograd.backward(self._mixed.scaler.scale(share * whole))
        found = {name: float(loss.detach()) for name, loss in losses.items()}
        if not np.isfinite(float(whole.detach())) and self._mixed.precision == "fp32":
            raise InvalidInput("learning_rate", f"makes the loss infinite in epoch {self._epoch + 1}")
        return found

    def _update(self, batches: int) -> None:
        updates = self._params.epochs * -(-batches // self._params.accumulation)
        factor = schedule(self._step / updates, self._step)
        for group in self._optimizer.param_groups:
            group["lr"] = group["initial_lr"] * factor
        self._mixed.scaler.unscale_(self._optimizer)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self._params.clip_norm)
        self._mixed.scaler.step(self._optimizer)
        self._mixed.scaler.update()
        self._optimizer.zero_grad(set_to_none=True)
        self._step += 1
        update_average(self.average, self.model, self._step)

    def _log(self, losses: Sequence[Mapping[str, float]], measured: Mapping[str, float]) -> None:
        now = spent()
        self.cost, self._started = self.cost + (now - self._started), now
        row = {
            "minutes": round(self.cost.wall_s / 60, 2),
            "epoch": float(self._epoch),
            "step": float(self._step),
        }
        for name in losses[0] if losses else ():
            row[f"loss {name}"] = round(float(np.mean([each[name] for each in losses])), 4)
        self._metrics_log.add(row | {name: round(value, 4) for name, value in measured.items()}, self.facts())
        _save(self._state(), self._folder / CHECKPOINT)

    def _state(self) -> dict[str, Any]:
        return {
            "params": flat(self._params.model_dump(mode="json")),
            "data": self._data_facts,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "scaler": self._mixed.scaler.state_dict(),
            "epoch": self._epoch,
            "step": self._step,
            "best_epoch": self.best_epoch,
            "best_value": self.best_value,
            "cost": [self.cost.wall_s, self.cost.cpu_s],
        }


def _parts(batches: Iterable[Any], size: int, total: int) -> Iterator[list[tuple[Any, float]]]:
    """Groups of `size` batches, the last of which may be smaller, each batch with its share of the group."""
    group: list[Any] = []
    for index, batch in enumerate(batches, start=1):
        group.append(batch)
        if len(group) == size or index == total:
            yield [(each, 1 / len(group)) for each in group]
            group = []


def _save(content: Any, path: Path) -> None:
    unfinished = path.with_suffix(".tmp")
    torch.save(content, unfinished)
    unfinished.rename(path)
