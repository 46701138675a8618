"""The graph of a scorer of sets, with its last function inside."""

from __future__ import annotations

import torch

from export.outfit.network import OutfitNetwork


class OutfitGraph(torch.nn.Module):
    """Sets (N, S, D + K) float32 in, (N, 1 + D) out: a probability, and what is asked for."""

    def __init__(self, network: OutfitNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, sets: torch.Tensor) -> torch.Tensor:
        found = self.network(sets)
        return torch.cat([found[:, :1].sigmoid(), found[:, 1:]], dim=1)
