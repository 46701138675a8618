"""Trains the detector: a small YOLO whose classes are the garment categories."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, Pixels
from export import torchvision_fix
from training.data.backgrounds import without_garment
from training.data.checksums import data_facts
from training.data.examples import ExampleMaker, default_cache
from training.data.fashion_mnist import load_fashion_mnist
from training.data.photos import Photo, hold_out_senders, load_photos, of_split
from training.data.samples import catalogue, draw_sample
from training.data.scenes import Layer, Scene, SceneMaker, photo_layer, photo_scene, shows_background
from training.data.thumbnails import Thumbnails, load_thumbnails, read_picture, shrink
from training.recipes.metrics_log import draw_curves
from training.synthetic.clutter import IGNORED


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
        write_dataset(options, data.parent)
    _train(options, data)
    weights = options.out / "train" / "weights" / "best.pt"
    _write_metrics(options)
    return Path(shutil.copy(weights, finished))


def write_dataset(options: DetectorOptions, folder: Path) -> None:
    """Write pictures and labels in the layout that ultralytics reads.

    data.yaml is written last, so an interrupted run writes the data set anew.
    """
    taxonomy = Taxonomy.load(options.taxonomy)
    names = [*(category.name for category in taxonomy.categories), IGNORED]
    photos = of_split(load_photos(options.data), "train")
    thumbnails = load_thumbnails([p.path for p in photos], options.thumbnail_px, options.cache)
    held = {photo.path for photo in hold_out_senders(photos, 0.1, seed=0)[1]}
    dev = [i for i, photo in enumerate(photos) if photo.path in held]
    kept = [i for i, photo in enumerate(photos) if photo.path not in held]
    for split, indices, count in (("train", kept, options.scenes), ("dev", dev, options.dev_scenes)):
        seed = options.seed + (split == "dev")
        maker = ExampleMaker(taxonomy, seed)
        layers = [*_cutouts(photos, thumbnails, indices, options.input_px)]
        extra = [*_bags(options, seed)] if split == "train" else []
        backgrounds = [*_backgrounds(photos, thumbnails, indices, options.input_px)]
        drawn_share, empty_share = (0.15, 0.08) if split == "train" else (0.0, 0.0)
        scenes = SceneMaker(
            maker,
            layers + extra,
            drawn_share,
            seed,
            backgrounds,
            empty_share=empty_share,
            relight=split == "train",
        )
        made = (scenes.scene(options.input_px) for _ in range(count))
        whole = _whole_photos(photos, thumbnails, indices, options.input_px)
        samples = _samples(taxonomy, options.sample_copies) if split == "train" else []
        _write_split(folder, split, chain(whole, made, samples), names)
    content = {"path": str(folder.resolve()), "train": "images/train", "val": "images/dev", "names": names}
    # JSON is YAML.
    (folder / "data.yaml").write_text(json.dumps(content, indent=1), encoding="utf-8")


def _samples(taxonomy: Taxonomy, copies: int, seed: int = 7) -> Iterable[Scene]:
    for index, sample in enumerate(catalogue() if copies else []):
        scene = Scene(*draw_sample(sample, taxonomy, np.random.default_rng([seed, index])))
        yield from [scene] * copies


def _whole_photos(
    photos: Sequence[Photo], thumbnails: Thumbnails, indices: Iterable[int], side: int
) -> Iterable[Scene]:
    for i in indices:
        mask = thumbnails.mask(i)
        if mask is not None:
            yield photo_scene(shrink(read_picture(photos[i].path), side), mask, photos[i].category)


def _cutouts(
    photos: Sequence[Photo], thumbnails: Thumbnails, indices: Iterable[int], side: int
) -> Iterable[Layer]:
    for i in tqdm(list(indices), desc="cut-outs"):
        mask = thumbnails.mask(i)
        if mask is not None:
            yield photo_layer(shrink(read_picture(photos[i].path), side), mask, photos[i].category)


def _backgrounds(
    photos: Sequence[Photo], thumbnails: Thumbnails, indices: Iterable[int], side: int
) -> Iterable[Pixels]:
    """The background of every third photo that shows enough beside the garment."""
    for i in tqdm(list(indices)[::3], desc="backgrounds"):
        mask = thumbnails.mask(i)
        if mask is not None and shows_background(mask):
            yield without_garment(shrink(read_picture(photos[i].path), side), mask)


def _bags(options: DetectorOptions, seed: int, count: int = 150) -> Iterable[Layer]:
    """Bags from Fashion-MNIST, since the photos have none: blurred pictures with real outlines."""
    if options.fashion_mnist is None:
        return
    pictures, categories = load_fashion_mnist(options.fashion_mnist)
    bags = [i for i, category in enumerate(categories) if category == "bag"]
    rng = np.random.default_rng(seed)
    for i in rng.choice(bags, count, replace=False):
        large = np.asarray(cv2.resize(pictures[i], (168, 168), interpolation=cv2.INTER_CUBIC), np.uint8)
        alpha = cv2.GaussianBlur(np.where(large > 12, 255, 0).astype(np.uint8), (0, 0), 1.5)
        tint = rng.uniform(60, 255, 3) / max(1, int(large.max()))
        yield Layer(np.dstack([(large[..., None] * tint).clip(0, 255).astype(np.uint8), alpha]), "bag")


def _write_split(folder: Path, split: str, scenes: Iterable[Scene], names: Sequence[str]) -> None:
    pictures, labels = folder / "images" / split, folder / "labels" / split
    for part in (pictures, labels):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    for index, scene in enumerate(tqdm(scenes, desc=f"{split} scenes")):
        height, width = scene.picture.shape[:2]
        rows = [f"{names.index(name)} {_relative(box, height, width)}" for name, box in scene.objects]
        (labels / f"{index:05}.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
        quality = [cv2.IMWRITE_JPEG_QUALITY, 88]
        cv2.imwrite(
            str(pictures / f"{index:05}.jpg"), cv2.cvtColor(scene.picture, cv2.COLOR_RGB2BGR), quality
        )


def _relative(box: Box, height: int, width: int) -> str:
    """Centre x, y, width and height as shares of the picture: the label format of ultralytics."""
    center_x, center_y = (box.x1 + box.x2) / 2 / width, (box.y1 + box.y2) / 2 / height
    return f"{center_x:.5f} {center_y:.5f} {box.width / width:.5f} {box.height / height:.5f}"


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
