"""The graph of a classifier, with normalisation and softmax inside."""

from __future__ import annotations

from typing import Any

import torch

from models.preprocessing import ImagePreprocessing


class ProbabilityGraph(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 RGB in, probabilities (N, classes) out."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: Any, settings: ImagePreprocessing) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float() / 255
        logits: torch.Tensor = self.network((pixels - self.mean) / self.std)
        return logits.softmax(dim=1)
