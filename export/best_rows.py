"""The best rows of a detector's head, chosen inside the graph."""

from __future__ import annotations

import torch


def best_rows(head: torch.Tensor, max_rows: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each anchor its best class, and of the anchors those with the best scores.

    `head` (N, 4 + classes, anchors) has boxes x1, y1, x2, y2 and scores. Returns rows (N, K, 6)
    [x1, y1, x2, y2, score, class], best first, and the anchors (N, K) that they come from.
    """
    best, class_ids = head[:, 4:].max(dim=1)
    best, anchors = best.topk(max_rows, dim=1)
    classes = class_ids.gather(1, anchors)[..., None].float()
    return torch.cat([take(head[:, :4], anchors, 4), best[..., None], classes], dim=2), anchors


def take(values: torch.Tensor, anchors: torch.Tensor, channels: int) -> torch.Tensor:
    """Values (N, channels, anchors) of some anchors (N, K), as rows (N, K, channels)."""
    return values.gather(2, anchors[:, None].expand(-1, channels, -1)).permute(0, 2, 1)
