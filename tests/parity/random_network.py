"""Ultralytics networks of random weights whose outputs depend on the input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from ultralytics import YOLO

from domain.types import Pixels


def write_network(
    yaml: str,
    path: Path,
    pictures: Sequence[Pixels],
    normalize: Callable[[torch.Tensor], torch.Tensor] = lambda pixels: pixels,
    **attributes: object,
) -> Path:
    """A checkpoint of random weights whose outputs depend on the input, the same on every machine.

    Its batch statistics are those of the pictures, so every layer hands on how they differ. A training would
    do as much, but rounds otherwise on another processor and ends elsewhere. `normalize` is what is done to
    values from 0 to 1 before the network; `attributes` are set on it.
    """
    torch.manual_seed(3)
    library = YOLO(yaml)
    classes = 3 if library.task == "classify" else 1
    network = library.model = type(library.model)(library.model.yaml, nc=classes, verbose=False)
    network.names = dict(enumerate(["shirt", "dress", "hat"] if classes == 3 else ["person"]))
    network.task = library.task
    spread_outputs(network.model[-1])
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = None  # the mean over all that is seen
    small = np.stack([cv2.resize(picture, (160, 160)) for picture in pictures])
    pixels = torch.from_numpy(small).permute(0, 3, 1, 2).float() / 255
    with torch.no_grad():
        network.train()(normalize(pixels))
    network.eval()
    for name, value in attributes.items():
        setattr(network, name, value)
    library.save(str(path))
    return path


def spread_outputs(head: Any) -> None:
    """Scores around 0.02, or probabilities far apart."""
    if hasattr(head, "linear"):
        torch.nn.init.normal_(head.linear.weight, std=0.3)
        return
    for branch in (*head.cv3, *getattr(head, "one2one_cv3", ())):
        torch.nn.init.normal_(branch[-1].weight, std=0.1)
        torch.nn.init.constant_(branch[-1].bias, -4)
