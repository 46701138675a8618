"""The loop that the recipes share: train for some minutes, and write metrics and checkpoints now and then."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from training.recipes.metrics_log import MetricsLog

CHECKPOINT = "last.pt"


class TimedRun(ABC):
    """A run in a folder; `minutes` count over all its resumed parts, without what logging takes."""

    def __init__(self, name: str, folder: Path, minutes: float, log_every_s: float) -> None:
        self._name = name
        self._folder = folder
        self._minutes = minutes
        self._log_every_s = log_every_s
        self._metrics_log = MetricsLog(folder)
        self._seconds, self._step = 0.0, 0

    def train(self) -> None:
        """Train until the minutes are used up."""
        total = 60 * self._minutes
        logged_s = self._seconds
        losses: list[Mapping[str, float]] = []
        with tqdm(total=round(total), initial=round(self._seconds), unit="s", desc=self._name) as bar:
            while self._seconds < total:
                started = time.perf_counter()
                losses.append(self._train_step(self._seconds / total))
                self._step += 1
                self._seconds += time.perf_counter() - started
                bar.update(round(self._seconds) - bar.n)
                if self._seconds - logged_s > self._log_every_s:
                    logged_s = self._seconds
                    bar.set_postfix(self._log(losses))
                    losses.clear()
        if losses:
            self._log(losses)
        self._metrics_log.draw()

    @abstractmethod
    def _train_step(self, progress: float) -> Mapping[str, float]:
        """One step; `progress` is the share of the minutes that are used up. Returns the losses by name."""

    @abstractmethod
    def _measure(self) -> dict[str, float]:
        """Figures of the averaged model on the dev set; none if there is no such set."""

    @abstractmethod
    def _facts(self) -> dict[str, Any]:
        """What is recorded of the run beside its figures."""

    @abstractmethod
    def _state(self) -> dict[str, Any]:
        """All that a checkpoint must hold to go on, beside the time and the steps."""

    @abstractmethod
    def finish(self) -> Path:
        """Write the averaged weights in the form that the exporter takes."""

    def _log(self, losses: Sequence[Mapping[str, float]]) -> dict[str, float]:
        measured = {name: round(value, 4) for name, value in self._measure().items()}
        row = {"minutes": round(self._seconds / 60, 2), "step": float(self._step)}
        row |= {f"loss {n}": round(float(np.mean([each[n] for each in losses])), 4) for n in losses[0]}
        self._metrics_log.add(row | measured, self._facts())
        unfinished = self._folder / "last.tmp"
        torch.save({**self._state(), "seconds": self._seconds, "step": self._step}, unfinished)
        unfinished.rename(self._folder / CHECKPOINT)
        self.finish()
        return measured

    def _checkpoint(self, device: torch.device) -> dict[str, Any] | None:
        """The state that was saved last, with its time and steps taken over; None in a new folder."""
        path = self._folder / CHECKPOINT
        if not path.is_file():
            return None
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=False)
        self._seconds, self._step = state["seconds"], state["step"]
        return state
