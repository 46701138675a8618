"""The graph of a Siamese network, with both normalisations inside."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from models.preprocessing import ImagePreprocessing


class SiameseGraph(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 RGB in, embeddings (N, D) float32 out, L2-normalised."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: Any, settings: ImagePreprocessing) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float() / 255
        return embeddings(self.network((pixels - self.mean) / self.std))


def embeddings(outputs: torch.Tensor) -> torch.Tensor:
    """A network's outputs (N, D), L2-normalised."""
    return functional.normalize(outputs.float(), dim=1)
