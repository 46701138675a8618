"""Losses of pictures against sentences. Pairs of a batch with the same sentence are no negatives."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def contrastive_loss(logits: Tensor, same: Tensor) -> Tensor:
    """The mean cross-entropy of pictures to sentences and back; `logits` and `same` (bool) are (N, N).

    Each row's target is spread evenly over the pairs with the same sentence.
    Source: Yang et al. 2022, "Unified Contrastive Learning in Image-Text-Label Space".
    """
    targets = same.float()
    both = [
        -(wanted / wanted.sum(dim=1, keepdim=True) * functional.log_softmax(each.float(), dim=1)).sum(dim=1)
        for each, wanted in ((logits, targets), (logits.T, targets.T))
    ]
    return (both[0].mean() + both[1].mean()) / 2


def sigmoid_loss(logits: Tensor, same: Tensor) -> Tensor:
    """Each pair is a question of its own: whether picture and sentence belong together; summed over N.

    Source: Zhai et al. 2023, "Sigmoid Loss for Language Image Pre-Training".
    """
    signs = 2.0 * same.float() - 1.0
    return -functional.logsigmoid(signs * logits.float()).sum() / len(logits)
