"""Figures of a two-tower model: retrieval, zero-shot classification, how garments lie beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

NEIGHBORS = 10


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedPairs:
    """Embeddings of pictures (N, D) and of the different sentences (T, D), L2-normalised, float32.

    Attributes:
        text_ids: which sentence is each picture's, (N,) int64.
        label_ids: which label each picture has, (N,) int64, -1 for none.
        prompts: embeddings (L, D) of the labels' prompts; (0, D) without labels.
        groups: who took each picture, or its product; "" where that is not known.
    """

    images: Tensor
    texts: Tensor
    text_ids: Tensor
    label_ids: Tensor
    prompts: Tensor
    groups: Sequence[str]


def found_text(pairs: EmbeddedPairs, count: int) -> Tensor:
    """Whether each picture's sentence is among the `count` nearest of all sentences, (N,) bool."""
    nearest = (pairs.images @ pairs.texts.T).topk(min(count, len(pairs.texts)), dim=1).indices
    return (nearest == pairs.text_ids[:, None]).any(dim=1)


def found_picture(pairs: EmbeddedPairs) -> Tensor:
    """Whether the picture nearest to each sentence has that sentence, (T,) bool."""
    nearest = (pairs.texts @ pairs.images.T).argmax(dim=1)
    return pairs.text_ids[nearest] == torch.arange(len(pairs.texts))


def named(pairs: EmbeddedPairs) -> Tensor:
    """Whether the prompt nearest to each picture is that of its label, (M,) of the pictures with one."""
    known = pairs.label_ids >= 0
    answers = (pairs.images[known] @ pairs.prompts.T).argmax(dim=1)
    return answers == pairs.label_ids[known]


def neighbor_agreement(pairs: EmbeddedPairs, count: int = NEIGHBORS) -> Tensor:
    """The share of the `count` nearest pictures that have the same label, (M,) of the pictures with one.

    Pictures of the same group are no neighbours: they share a floor and a light.
    """
    known = (pairs.label_ids >= 0).nonzero()[:, 0]
    labels = pairs.label_ids[known]
    scores = pairs.images[known] @ pairs.images[known].T
    scores.masked_fill_(_same_group([pairs.groups[int(row)] for row in known]), -torch.inf)
    best = scores.topk(min(count, max(1, len(known) - 1)), dim=1)
    agree, counts = labels[best.indices] == labels[:, None], torch.isfinite(best.values)
    return (agree & counts).sum(dim=1) / counts.sum(dim=1).clamp(min=1)


def silhouette(pairs: EmbeddedPairs) -> Tensor:
    """How much nearer each picture is to its own label's than to the next label's, (M,) from -1 to 1.

    Distances are 1 - cosine. A picture that is its label's only one has 0.
    Source: Rousseeuw 1987, "Silhouettes: a graphical aid to the interpretation of cluster analysis".
    """
    known = pairs.label_ids >= 0
    images, labels = pairs.images[known], pairs.label_ids[known]
    members = torch.nn.functional.one_hot(labels, int(labels.max()) + 1).float()
    sizes = members.sum(dim=0)
    sums = (1 - images @ images.T).clamp(min=0).fill_diagonal_(0) @ members
    rows = torch.arange(len(labels))
    own = sums[rows, labels] / (sizes[labels] - 1).clamp(min=1)
    others = (sums / sizes.clamp(min=1)).masked_fill(sizes == 0, torch.inf)
    others[rows, labels] = torch.inf
    nearest = others.min(dim=1).values
    values = (nearest - own) / torch.maximum(nearest, own).clamp(min=1e-9)
    return torch.where((sizes[labels] > 1) & torch.isfinite(nearest), values, torch.zeros(()))


def _same_group(groups: Sequence[str]) -> Tensor:
    """(M, M) bool; each picture is in its own group, alone where its group is not known."""
    names = {name: index for index, name in enumerate(dict.fromkeys(groups))}
    ids = torch.tensor([names[name] if name else -1 - row for row, name in enumerate(groups)])
    return ids[:, None] == ids[None]
