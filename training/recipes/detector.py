"""Trains a YOLO of ultralytics, a detector or a segmenter, on pictures with boxes or polygons.

The class `ignore`, if the data has one, is learned as any other: it draws what people rejected away from
the garments. The export lists it as a label that is never reported.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

import cv2
import torch
from pydantic import BaseModel, ConfigDict, Field

from domain.errors import InvalidInput
from export import torchvision_fix
from export.errors import Unsupported
from export.yolo.checkpoint import load_checkpoint
from training.data.dataset_survey import DatasetSurvey, survey_dataset
from training.recipes.detector_report import write_detector_report
from training.recipes.metrics_log import MetricsLog
from training.recipes.params import RecipeParams, flat, require_same
from training.recipes.precision import MixedPrecision
from training.recipes.provenance import Cost, spent

WEIGHTS = "detector.pt"
_RUN, _TRAIN = "run.json", "train"
_SHOWN: Mapping[str, str] = {
    "metrics/mAP50(B)": "validation mAP50",
    "metrics/mAP50-95(B)": "validation mAP50-95",
    "metrics/mAP50(M)": "validation mask mAP50",
    "train/box_loss": "loss box",
    "train/cls_loss": "loss class",
    "train/seg_loss": "loss mask",
}


class DetectionData(BaseModel):
    """Where pictures with boxes are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(
        description="a data.yaml as ultralytics reads it, such as that of an exported data set"
    )


class DetectorViews(BaseModel):
    """How much training pictures are changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mosaic: float = Field(1.0, ge=0, le=1, description="share of pictures that are four in one")
    close_mosaic: int = Field(10, ge=0, description="epochs at the end without it")
    scale: float = Field(0.5, ge=0, lt=1, description="largest change of size, as a share")
    turn_deg: float = Field(0.0, ge=0, le=180, description="largest turn to either side")
    hue: float = Field(0.015, ge=0, le=1, description="largest change of hue, as a share of the circle")
    flip: float = Field(0.5, ge=0, le=1, description="share of pictures that are mirrored")


class DetectorParams(RecipeParams):
    """The keys of the recipe `detector`."""

    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "cpu": {"input_px": 320, "precision": "bf16", "threads": 1},
        "gpu-4gb": {"epochs": 50, "batch": 8, "input_px": 640, "patience": 10, "workers": 2},
        "gpu": {"batch": 64, "accumulation": 1, "workers": 8},
    }

    epochs: int = Field(50, ge=1, description="passes over the training split")
    batch: int = Field(8, ge=1, description="pictures at a time on the device")
    accumulation: int = Field(8, ge=1, description="batches whose gradients make one update")
    learning_rate: float = Field(0.001, gt=0, lt=1, description="the highest, of AdamW")
    weight_decay: float = Field(0.0005, ge=0, lt=1, description="of AdamW, for matrices")
    clip_norm: float = Field(10.0, ge=10, le=10, description="of the gradients; ultralytics has no other")
    data: DetectionData
    checkpoint: str = Field(
        "yolo11n.pt",
        min_length=1,
        description="a .pt file, a name that ultralytics downloads, or a yaml, which has random weights",
    )
    task: Literal["detect", "segment"] = Field(
        "detect", description="segment: with a -seg checkpoint, and polygons in the data"
    )
    input_px: int = Field(640, ge=32, multiple_of=32, description="longer side of the input")
    frozen_layers: int = Field(0, ge=0, description="layers from the first on that keep their weights")
    warmup_epochs: float = Field(3.0, ge=0, description="epochs in which the learning rate rises")
    views: DetectorViews = DetectorViews()


def train_detector(params: DetectorParams, folder: Path) -> Path:
    """Train, or resume after the folder's last whole epoch; returns the checkpoint that ultralytics loads.

    `python -m export yolo FOLDER/detector.pt` takes it. A run that is finished is only measured again.

    Raises:
        InvalidInput: data or weights are missing or do not fit, or the run was started with other params or
            other data.
    """
    torch.set_num_threads(params.threads)
    torchvision_fix.apply()
    cv2.setNumThreads(1)
    os.environ.setdefault("YOLO_OFFLINE", "true")
    data = survey_dataset(params.data.path)
    mixed = MixedPrecision(params)
    if mixed.precision == "bf16" and mixed.device.type == "cuda" and params.precision == "bf16":
        raise InvalidInput("precision", "must be fp16, fp32 or auto on CUDA: ultralytics has no bf16")
    run = DetectorRun(params, folder, data, mixed)
    library = load_start(params, data) if not run.started else None
    folder.mkdir(parents=True, exist_ok=True)
    run.require_same()
    if not run.weights.is_file():
        run.train(library)
    write_detector_report(run)
    return run.weights


def load_start(params: DetectorParams, data: DatasetSurvey) -> Any:
    """The `ultralytics.YOLO` that the training begins with.

    Raises:
        InvalidInput: it cannot be had, is of another task, or its task needs polygons that the data lacks.
    """
    try:
        library = load_checkpoint(params.checkpoint)
    except (Unsupported, OSError) as error:
        raise InvalidInput("checkpoint", str(error)[:300]) from error
    if library.task != params.task:
        raise InvalidInput("task", f"is {params.task}; {params.checkpoint} is for {library.task}")
    train = data.splits["train"]
    if params.task == "segment" and train.polygons < sum(train.objects.values()):
        raise InvalidInput("task", "is segment; not all objects of the data have polygons")
    return library


class DetectorRun:
    """A detector in training, in a folder."""

    name = "detector"

    def __init__(
        self, params: DetectorParams, folder: Path, data: DatasetSurvey, mixed: MixedPrecision
    ) -> None:
        self.params, self.folder, self.data, self._mixed = params, folder, data, mixed
        self.weights = folder / WEIGHTS
        self.cost = Cost()
        self._last = folder / _TRAIN / "weights" / "last.pt"

    @property
    def started(self) -> bool:
        """Whether the folder has a whole epoch of a run."""
        return self._last.is_file()

    def require_same(self) -> None:
        """Compare with what the folder's run was started with. Raises InvalidInput where it differs."""
        path = self.folder / _RUN
        if path.is_file():
            had = json.loads(path.read_text(encoding="utf-8"))
            require_same(self.params, had["params"])
            for name, value in had["data"].items():
                if value != (now := self.data.facts().get(name)):
                    raise InvalidInput("data", f"{name} is {now}; the run that is resumed had {value}")
            self.cost = Cost(*had["cost"])
        self._write_run()

    def train(self, library: Any) -> None:
        """Train the epochs that are left; the best weights are copied to `weights`."""
        from ultralytics import YOLO

        self.folder.mkdir(parents=True, exist_ok=True)
        log = MetricsLog(self.folder)
        if library is None and _is_over(torch.load(self._last, map_location="cpu", weights_only=False)):
            _strip(self._last.parent)
        else:
            model = YOLO(str(self._last)) if library is None else library
            if library is not None:
                log.begin(self.facts())
            epochs = _Epochs(self, log)
            model.add_callback("on_train_epoch_start", epochs.begin)
            model.add_callback("on_fit_epoch_end", epochs.end)
            if self._mixed.device.type == "cpu" and self._mixed.precision == "bf16":
                model.add_callback("on_train_start", _compute_in_bfloat16)
            model.train(**({"resume": True} if library is None else self._arguments()))
        log.draw()
        shutil.copy(self._last.with_name("best.pt"), self.weights)

    def facts(self) -> dict[str, Any]:
        """What the run was made from and with."""
        from training.recipes.provenance import environment, git_commit

        given = {key: str(value) for key, value in flat(self.params.model_dump(mode="json")).items()}
        made = {"device used": str(self._mixed.device), "precision used": self._mixed.precision}
        made |= {"commit": git_commit(), **environment(("ultralytics", "torch", "numpy"))}
        return {"params": given, "data": self.data.facts(), "made with": made}

    def add_cost(self, cost: Cost) -> None:
        """Count what an epoch took."""
        self.cost = self.cost + cost
        self._write_run()

    def _write_run(self) -> None:
        content = {
            "params": flat(self.params.model_dump(mode="json")),
            "data": self.data.facts(),
            "cost": [self.cost.wall_s, self.cost.cpu_s],
        }
        (self.folder / _RUN).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def _arguments(self) -> dict[str, Any]:
        params, views = self.params, self.params.views
        return {
            "data": str(params.data.path.resolve()),
            "project": str(self.folder.resolve()),
            "name": _TRAIN,
            "exist_ok": True,
            "epochs": params.epochs,
            "patience": params.patience,
            "imgsz": params.input_px,
            "batch": params.batch,
            "nbs": params.update_size,
            "seed": params.seed,
            "device": 0 if self._mixed.device.type == "cuda" else "cpu",
            "workers": params.workers,
            "optimizer": "AdamW",
            "lr0": params.learning_rate,
            "weight_decay": params.weight_decay,
            "warmup_epochs": params.warmup_epochs,
            "cos_lr": True,
            "freeze": params.frozen_layers or None,
            "amp": self._mixed.device.type == "cuda" and self._mixed.precision != "fp32",
            "mosaic": views.mosaic,
            "close_mosaic": views.close_mosaic,
            "scale": views.scale,
            "degrees": views.turn_deg,
            "hsv_h": views.hue,
            "fliplr": views.flip,
            "plots": False,
            "pretrained": params.checkpoint.endswith(".pt"),
        }


class _Epochs:
    """Takes the figures of each epoch over from ultralytics."""

    def __init__(self, run: DetectorRun, log: MetricsLog) -> None:
        self._run, self._log, self._started = run, log, spent()
        self._epoch = 0.0

    def begin(self, trainer: Any) -> None:
        self._epoch = float(trainer.epoch + 1)
        self._log.rows[:] = [row for row in self._log.rows if row["epoch"] < self._epoch]

    def end(self, trainer: Any) -> None:
        if not self._epoch:
            return  # the best weights are validated once more at the end
        epoch, self._epoch = self._epoch, 0.0
        now = spent()
        self._run.add_cost(now - self._started)
        self._started = now
        found = {**trainer.label_loss_items(trainer.tloss, prefix="train"), **trainer.metrics}
        figures = {name: round(float(found[key]), 4) for key, name in _SHOWN.items() if key in found}
        row = {"minutes": round(self._run.cost.wall_s / 60, 2), "epoch": epoch}
        self._log.add(row | figures, self._run.facts())


def _is_over(checkpoint: Mapping[str, Any]) -> bool:
    """Whether training has ended at this checkpoint; ultralytics refuses to resume from such a one."""
    epoch = checkpoint["epoch"]
    return bool(epoch < 0 or epoch + 1 >= checkpoint["train_args"]["epochs"])


def _strip(weights: Path) -> None:
    """Remove the optimizer state from the checkpoints, as ultralytics does after the last epoch."""
    from ultralytics.utils.torch_utils import strip_optimizer

    for name in ("last.pt", "best.pt"):
        strip_optimizer(weights / name)


def _compute_in_bfloat16(trainer: Any) -> None:
    """Run the network in bfloat16 and the loss in float32, which is faster on CPUs with bfloat16.

    Only the model in training is patched; the exponential moving average, which is validated and saved, is
    not.
    """
    model = trainer.model.to(memory_format=torch.channels_last)
    predict = model._predict_once

    def predict_in_bfloat16(pictures: torch.Tensor, *rest: Any, **named: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return _as_float(predict(pictures.contiguous(memory_format=torch.channels_last), *rest, **named))

    model._predict_once = predict_in_bfloat16


def _as_float(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.float()
    if isinstance(value, dict):
        return {key: _as_float(part) for key, part in value.items()}
    return [_as_float(part) for part in value] if isinstance(value, list | tuple) else value
