"""Low-rank changes of a network's matrices, which are trained in place of the matrices themselves.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models".
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize


class LowRankChange(nn.Module):
    """A weight (O, ...) plus the product of two thin matrices, which is zero at first."""

    def __init__(self, weight: Tensor, rank: int, scale: float) -> None:
        super().__init__()
        rows, columns = weight.shape[0], weight[0].numel()
        self.down = nn.Parameter(torch.empty(rank, columns).normal_(std=columns**-0.5))
        self.up = nn.Parameter(torch.zeros(rows, rank))
        self.scale = scale

    def forward(self, weight: Tensor) -> Tensor:
        return weight + self.scale * (self.up @ self.down).view_as(weight)


def add_low_rank(network: nn.Module, rank: int, scale: float) -> int:
    """Freeze all that is trained of a network, and add a change of low rank to each large matrix of it.

    Matrices are those of linear layers, of attention and of convolutions by 1 x 1. Returns how many got one.
    """
    targets = [(layer, name) for layer, name in _matrices(network) if _is_larger(getattr(layer, name), rank)]
    for parameter in network.parameters():
        parameter.requires_grad = False
    for layer, name in targets:
        change = LowRankChange(getattr(layer, name), rank, scale)
        parametrize.register_parametrization(layer, name, change)
    return len(targets)


def merged_weights(network: nn.Module) -> dict[str, Tensor]:
    """The weights of a network, changes included, with the names that they had without changes."""
    weights = dict(network.state_dict())
    for prefix, layer in network.named_modules():
        for name in [*layer.parametrizations] if parametrize.is_parametrized(layer) else ():
            place = f"{prefix}.{name}" if prefix else name
            inner = f"{prefix}.parametrizations.{name}." if prefix else f"parametrizations.{name}."
            weights = {key: value for key, value in weights.items() if not key.startswith(inner)}
            weights[place] = getattr(layer, name).detach()
    return weights


def _matrices(network: nn.Module) -> Iterator[tuple[nn.Module, str]]:
    for layer in network.modules():
        if isinstance(layer, nn.MultiheadAttention) and layer.in_proj_weight is not None:
            yield layer, "in_proj_weight"
        elif isinstance(layer, nn.Linear) or (
            isinstance(layer, nn.Conv2d) and layer.kernel_size == (1, 1) and layer.groups == 1
        ):
            yield layer, "weight"


def _is_larger(weight: Tensor, rank: int) -> bool:
    return weight.requires_grad and min(weight.shape[0], weight[0].numel()) > 2 * rank
