"""The targets of a tagger's heads, with what is not known left out of losses and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.tag_head import TagHead, slices
from training.data.tag_table import TaggedPicture


@dataclass(frozen=True, slots=True, eq=False)
class TagTargets:
    """Targets (N, O) float32 of all heads' outputs, and which heads are known of each row (N, heads) bool."""

    heads: tuple[TagHead, ...]
    values: Tensor
    known: Tensor

    @classmethod
    def of(cls, heads: tuple[TagHead, ...], pictures: Sequence[TaggedPicture]) -> TagTargets:
        """One row for each picture."""
        values = torch.zeros(len(pictures), sum(head.width for head in heads))
        known = torch.zeros(len(pictures), len(heads), dtype=torch.bool)
        for row, picture in enumerate(pictures):
            for index, (head, place) in enumerate(zip(heads, slices(heads), strict=True)):
                if head.name in picture.tags:
                    known[row, index] = True
                    values[row, place] = _target(head, picture.tags[head.name])
        return cls(heads, values, known)

    def rows(self, indices: Tensor) -> TagTargets:
        """Those of some pictures."""
        return TagTargets(self.heads, self.values[indices], self.known[indices])

    def counts(self) -> dict[str, int]:
        """How many rows each head is known of."""
        numbers = self.known.sum(dim=0).tolist()
        return {head.name: int(number) for head, number in zip(self.heads, numbers, strict=True)}


def masked_losses(logits: Tensor, targets: TagTargets, weights: Mapping[str, float]) -> dict[str, Tensor]:
    """The weighted loss of each head over the rows that it is known of; 0 where there is none.

    Cross-entropy for one value, binary cross-entropy for many and for a number, whose least is at the number
    itself; a squared error behind a sigmoid hardly moves at first.
    """
    losses = {}
    for index, (head, place) in enumerate(zip(targets.heads, slices(targets.heads), strict=True)):
        known = targets.known[:, index].to(logits.device)
        found, wanted = logits[known, place].float(), targets.values.to(logits.device)[known, place]
        losses[head.name] = (
            weights[head.name] * _loss(head, found, wanted) if len(found) else logits.sum() * 0
        )
    return losses


def _loss(head: TagHead, found: Tensor, wanted: Tensor) -> Tensor:
    if head.kind == "one":
        return functional.cross_entropy(found, wanted)
    return functional.binary_cross_entropy_with_logits(found, wanted)


def _target(head: TagHead, tag: tuple[str, ...] | float) -> Tensor:
    if isinstance(tag, tuple):
        return torch.tensor([float(value in tag) for value in head.values])
    return torch.tensor([tag])
