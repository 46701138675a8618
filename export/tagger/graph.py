"""The graph of a tagger, with normalisation and the heads' last functions inside."""

from __future__ import annotations

from typing import Any

import torch

from models.preprocessing import ImagePreprocessing
from models.tag_head import TagHead, slices


class TaggerGraph(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 RGB in, the outputs of all heads (N, O) out."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, network: Any, heads: tuple[TagHead, ...], settings: ImagePreprocessing) -> None:
        super().__init__()
        self.network = network
        self._heads = heads
        self.register_buffer("mean", torch.tensor(settings.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(settings.std).view(1, 3, 1, 1))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.permute(0, 3, 1, 2).float() / 255
        return answers(self.network((pixels - self.mean) / self.std), self._heads)


def answers(logits: torch.Tensor, heads: tuple[TagHead, ...]) -> torch.Tensor:
    """The answers (N, O) for a network's logits (N, O): a softmax for one value, a sigmoid for others."""
    parts = [
        logits[:, place].softmax(dim=1) if head.kind == "one" else logits[:, place].sigmoid()
        for head, place in zip(heads, slices(heads), strict=True)
    ]
    return torch.cat(parts, dim=1)
