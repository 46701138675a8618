"""The first part of a fine-tuning: a linear head on the features of a backbone that stays as it is.

The features of some views of each picture are computed once, so that many epochs of the head cost no more
than those passes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

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


def solve_head(
    head: nn.Linear,
    seen: Features,
    held: Tensor,
    loss: Loss,
    score: Score,
    *,
    passes: int,
    penalties: Sequence[float],
) -> float:
    """Fit a head on features by L-BFGS, and leave it with those of the best penalty; returns its figure.

    Each penalty times the sum of the squared weights, of features in deviations from their mean, is added to
    the loss. The strongest comes first, and each begins with the weights of the one before.
    """
    mean, spread = seen.rows.mean(dim=0), seen.rows.std(dim=0).clamp(min=1e-6)
    rows = (seen.rows - mean) / spread
    plain = nn.Linear(head.in_features, head.out_features)
    nn.init.zeros_(plain.weight)
    nn.init.zeros_(plain.bias)
    best, weights = -math.inf, plain.state_dict()
    for penalty in sorted(penalties, reverse=True):
        _minimize(plain, partial(_penalized, plain, rows, seen.indices, loss, penalty), passes)
        with torch.no_grad():
            value = score(plain((held - mean) / spread))
        if value > best:
            best, weights = value, {name: tensor.clone() for name, tensor in plain.state_dict().items()}
    with torch.no_grad():
        head.weight.copy_(weights["weight"] / spread)
        head.bias.copy_(weights["bias"] - head.weight @ mean)
    return best


def _penalized(head: nn.Linear, rows: Tensor, indices: Tensor, loss: Loss, penalty: float) -> Tensor:
    return loss(head(rows), indices) + penalty * head.weight.square().sum()


def _minimize(head: nn.Linear, objective: Callable[[], Tensor], passes: int) -> None:
    optimizer = torch.optim.LBFGS(
        head.parameters(), max_iter=passes, history_size=10, line_search_fn="strong_wolfe"
    )

    def closure() -> float:
        optimizer.zero_grad(set_to_none=True)
        value = objective()
        torch.autograd.backward(value)
        return float(value.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
