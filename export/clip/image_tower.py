"""The image tower of an open_clip network, with normalisation inside."""

from __future__ import annotations

from typing import Any

import torch

from models.preprocessing import ImagePreprocessing


class ImageTower(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 RGB in, L2-normalised embeddings (N, D) out."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: Any, settings: ImagePreprocessing) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float() / 255
        embeddings: torch.Tensor = self.network.encode_image((pixels - self.mean) / self.std, normalize=True)
        return embeddings
