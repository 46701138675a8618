"""The learning rate over a run, and the moving average of the weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch


def schedule(progress: float, step: int) -> float:
    """Factor on the learning rate: linear warm-up over 100 steps, then cosine decay to 0."""
    return min(1.0, (step + 1) / 100) * 0.5 * (1 + float(np.cos(np.pi * min(1.0, progress))))


def interpolated(
    start: Mapping[str, torch.Tensor], end: Mapping[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """Weights on the way from before a fine-tuning (0) to after it (1); counters are the latter's.

    Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models".
    """
    return {
        name: start[name].to(last.device).lerp(last, share) if last.dtype.is_floating_point else last
        for name, last in end.items()
    }


@torch.no_grad()
def update_average(average: torch.nn.Module, model: torch.nn.Module, step: int) -> None:
    """Update the exponential moving average of all floating-point tensors, batch statistics included.

    It forgets quickly in the first steps, and then keeps 0.998 of itself in each.
    """
    keep = min(0.998, step / (step + 10))
    for kept, new in zip(average.state_dict().values(), model.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - keep)
        else:
            kept.copy_(new)
