"""The first part of a fine-tuning: a linear head on the features of a backbone that stays as it is.

The features of some views of each picture are computed once, so that many epochs of the head cost no more
than those passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

Loss = Callable[[Tensor, Tensor], Tensor]
"""Outputs (N, O) and the indices of the pictures (N,) to a loss."""
Score = Callable[[Tensor], float]
"""Outputs (V, O) of the validation pictures, in their order, to a figure; higher is better."""
_BATCH = 256


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Features (N, F) float32 of views, and the index (N,) of each one's picture."""

    rows: Tensor
    indices: Tensor


def fit_head(
    head: nn.Linear, seen: Features, held: Tensor, loss: Loss, score: Score, *, epochs: int, rate: float
) -> float:
    """Train a head on features, and leave it with the weights of its best epoch; returns its figure.

    `held` (V, F) are the features of the validation pictures. Learning rates fall to 0 along a half cosine.
    """
    optimizer = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    best = -1.0
    weights = {name: tensor.clone() for name, tensor in head.state_dict().items()}
    for _ in range(epochs):
        order = torch.randperm(len(seen.rows))
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss(head(seen.rows[chosen]), seen.indices[chosen]))
            optimizer.step()
        schedule.step()
        with torch.no_grad():
            value = score(head(held))
        if value > best:
            best = value
            weights = {name: tensor.clone() for name, tensor in head.state_dict().items()}
    head.load_state_dict(weights)
    return best
