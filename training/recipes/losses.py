"""Losses of the embedder."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from training.recipes.captions import Caption


def answers_loss(images: Tensor, texts: Tensor, targets: Tensor, scale: Tensor) -> Tensor:
    """Cross-entropy of zero-shot classification: images (N, D) against one text for each answer (V, D).

    `targets` (N, V) are distributions; rows of zeros are unknown and are left out.
    """
    known = targets.sum(dim=1) > 0
    if not bool(known.any()):
        return images.new_zeros(())
    logits = scale * images[known] @ texts.T
    return -(targets[known] * functional.log_softmax(logits, dim=1)).sum(dim=1).mean()


def captions_loss(images: Tensor, texts: Tensor, fits: Tensor, scale: Tensor) -> Tensor:
    """Symmetric InfoNCE with several positive texts per picture; `fits` (N, M): text m fits picture n.

    Source: the multi-positive form of Khosla et al. 2020, "Supervised Contrastive Learning".
    """
    logits = scale * images @ texts.T
    targets = fits.float()
    forward = functional.log_softmax(logits, dim=1) * targets / targets.sum(1, keepdim=True).clamp(min=1)
    backward = functional.log_softmax(logits, dim=0) * targets / targets.sum(0, keepdim=True).clamp(min=1)
    return -(forward.sum(1).mean() + backward.sum(0).mean()) / 2


def relations_loss(texts: Tensor, teacher: Tensor, temperature: float = 0.1) -> Tensor:
    """How far the nearness of texts (N, D) to each other is from that which a teacher (N, E) sees.

    Source: Fang et al. 2021, "SEED: Self-supervised Distillation for Visual Representation".
    """
    itself = torch.eye(len(texts), dtype=torch.bool, device=texts.device)
    own, wanted = ((rows @ rows.T / temperature).masked_fill(itself, -1e4) for rows in (texts, teacher))
    own, wanted = functional.log_softmax(own, dim=1), functional.log_softmax(wanted, dim=1)
    return functional.kl_div(own, wanted, reduction="batchmean", log_target=True)


def instance_loss(first: Tensor, second: Tensor, scale: float = 10.0) -> Tensor:
    """Contrastive loss between two views of the same photos, (N, D) each.

    Source: NT-Xent, Chen et al. 2020, "A Simple Framework for Contrastive Learning of Visual
    Representations".
    """
    both = torch.cat([first, second])
    logits = scale * both @ both.T
    logits = logits - 1e4 * torch.eye(len(both), device=both.device)
    half = len(first)
    return functional.cross_entropy(logits, torch.arange(2 * half, device=both.device).roll(half))


def fits(
    captions: Sequence[Caption], categories: Sequence[int], colors: Sequence[int], patterns: Sequence[int]
) -> Tensor:
    """(N, M) bool: every statement of caption m is known to be true of picture n (-1 is unknown)."""
    rows = [
        [
            all(stated in (-1, known) for stated, known in zip(_stated(caption), facts, strict=True))
            for caption in captions
        ]
        for facts in zip(categories, colors, patterns, strict=True)
    ]
    return torch.tensor(rows)


def _stated(caption: Caption) -> tuple[int, int, int]:
    return caption.category, caption.color, caption.pattern
