"""Trains the detector: a small YOLO whose classes are the garment categories."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import torch

from export import torchvision_fix
from training.data.checksums import data_facts
from training.data.detection_dataset import DatasetOptions, write_dataset
from training.data.examples import default_cache
from training.recipes.metrics_log import draw_curves


@dataclass(frozen=True, slots=True)
class DetectorOptions:
    """Options of a run. `data` is a folder of labelled photos, `start_from` a checkpoint to fine-tune."""

    data: Path
    out: Path
    taxonomy: Path
    fashion_mnist: Path | None = None
    start_from: Path | None = None
    cache: Path = default_cache()
    minutes: float = 110.0
    seed: int = 0
    batch: int = 16
    input_px: int = 384
    scenes: int = 5000
    dev_scenes: int = 300
    sample_copies: int = 3
    thumbnail_px: int = 192


def train_detector(options: DetectorOptions) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the checkpoint that ultralytics loads.

    If the folder already holds the finished checkpoint, nothing is done.
    """
    finished = options.out / "armoire-demo-detector.pt"
    if finished.is_file():
        return finished
    torchvision_fix.apply()
    cv2.setNumThreads(1)
    data = options.out / "dataset" / "data.yaml"
    if not data.is_file():
        write_dataset(_dataset(options), data.parent)
    _train(options, data)
    weights = options.out / "train" / "weights" / "best.pt"
    _write_metrics(options)
    return Path(shutil.copy(weights, finished))


def _dataset(options: DetectorOptions) -> DatasetOptions:
    return DatasetOptions(
        options.data,
        options.taxonomy,
        fashion_mnist=options.fashion_mnist,
        cache=options.cache,
        seed=options.seed,
        side_px=options.input_px,
        scenes=options.scenes,
        dev_scenes=options.dev_scenes,
        sample_copies=options.sample_copies,
        thumbnail_px=options.thumbnail_px,
    )


def _train(options: DetectorOptions, data: Path) -> None:
    os.environ.setdefault("YOLO_OFFLINE", "true")
    from ultralytics import YOLO

    last = options.out / "train" / "weights" / "last.pt"
    if last.is_file():
        if _is_over(torch.load(last, map_location="cpu", weights_only=False)):
            _strip(last.parent)
        else:
            _train_quickly(YOLO(str(last)), {"resume": True})
        return
    arguments: dict[str, Any] = {
        "data": str(data),
        "project": str(options.out.resolve()),
        "name": "train",
        "exist_ok": True,
        "time": options.minutes / 60,
        "imgsz": options.input_px,
        "batch": options.batch,
        "seed": options.seed,
        "device": 0 if torch.cuda.is_available() else "cpu",
        "workers": 0,
        "optimizer": "AdamW",
        "lr0": 0.002 if options.start_from is None else 0.0015,
        "weight_decay": 0.01,
        "warmup_epochs": 0.5,
        "cos_lr": True,
        "close_mosaic": 4,
        "degrees": 6.0,
        "hsv_h": 0.02,
        "amp": False,
        "cache": "ram",
        "plots": False,
        "pretrained": options.start_from is not None,
    }
    start = options.start_from or Path(__file__).with_name("detector.yaml")
    _train_quickly(YOLO(str(start), task="detect"), arguments)


def _is_over(checkpoint: Mapping[str, Any]) -> bool:
    """Whether training has ended at this checkpoint; ultralytics refuses to resume from such a one.

    It has ended if the checkpoint has no epoch, the last epoch, or used up its time.
    """
    epoch, arguments = checkpoint["epoch"], checkpoint["train_args"]
    if epoch < 0 or epoch + 1 >= arguments["epochs"]:
        return True
    seconds = checkpoint["train_results"].get("time", [0])[-1]
    return bool(seconds >= 3600 * arguments["time"])


def _strip(weights: Path) -> None:
    """Remove the optimizer state from the checkpoints, as ultralytics does after the last epoch."""
    from ultralytics.utils.torch_utils import strip_optimizer

    for name in ("last.pt", "best.pt"):
        strip_optimizer(weights / name)


def _train_quickly(model: Any, arguments: dict[str, Any]) -> None:
    if not torch.cuda.is_available():
        model.add_callback("on_train_start", _compute_in_bfloat16)
    model.train(**arguments)


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


def _write_metrics(options: DetectorOptions) -> None:
    """Convert the results.csv of ultralytics to metrics.json and curves.png."""
    with (options.out / "train" / "results.csv").open(newline="", encoding="utf-8") as table:
        rows = [{key.strip(): float(value) for key, value in row.items()} for row in csv.DictReader(table)]
    shown = {
        "time": "minutes",
        "metrics/mAP50(B)": "dev mAP50",
        "metrics/mAP50-95(B)": "dev mAP50-95",
        "train/box_loss": "loss box",
        "train/cls_loss": "loss class",
    }
    kept = [{name: row[key] / (60 if key == "time" else 1) for key, name in shown.items()} for row in rows]
    facts = {key: str(value) for key, value in asdict(options).items()} | {"torch": torch.__version__}
    facts |= data_facts(options.data, options.fashion_mnist)
    content = json.dumps({"facts": facts, "rows": kept}, indent=1)
    (options.out / "metrics.json").write_text(content + "\n", encoding="utf-8")
    draw_curves(kept, options.out / "curves.png")
