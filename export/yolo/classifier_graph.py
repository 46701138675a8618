"""The graph of a YOLO classifier, with normalisation and softmax inside."""

from __future__ import annotations

import copy
from typing import Any

import torch

from models.preprocessing import ImagePreprocessing


class ClassifierGraph(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 RGB in, probabilities (N, classes) out."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: Any, settings: ImagePreprocessing) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).cpu().float().eval()
        self.network.fuse(verbose=False)
        self.network.model[-1].export = True  # so that it returns probabilities alone, without logits
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float() / 255
        probabilities: torch.Tensor = self.network((pixels - self.mean) / self.std)
        return probabilities
