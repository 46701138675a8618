"""Figures of a classifier."""

from __future__ import annotations

from torch import Tensor


def top_share(scores: Tensor, labels: Tensor, count: int) -> float:
    """The share of pictures whose label (N,) is among the `count` highest of its scores (N, labels)."""
    best = scores.topk(min(count, scores.shape[1]), dim=1).indices
    return float((best == labels[:, None]).any(dim=1).float().mean())


def balanced_top1(scores: Tensor, labels: Tensor) -> float:
    """The mean over labels of the share of their pictures whose highest score is that of the label."""
    right = scores.argmax(dim=1) == labels
    shares = [float(right[labels == label].float().mean()) for label in set(labels.tolist())]
    return sum(shares) / len(shares)
