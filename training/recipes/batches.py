"""Batches of the embedder: augmented views of examples, and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from domain.taxonomy import Taxonomy
from domain.types import FloatArray, Pixels
from training.data.examples import Example, ExampleMaker, balanced_chances, moved, patterned, recolored
from training.recipes.two_towers import as_input
from training.recipes.views import random_view

QUESTIONS = ("category", "color", "pattern", "style")

MIXED_SHARE = 1 / 3
"""Share of a batch that is mixup of two examples; each of the other examples gives two views."""

SMOOTHING = 0.1
"""Label smoothing of categories."""


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Training examples, each source with its share of a batch, and the dev set.

    `backgrounds` are pictures without a garment, on which garments are pasted.
    """

    groups: list[tuple[float, list[Example]]]
    dev: list[Example]
    backgrounds: list[Pixels]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pictures (N, 3, S, S) float32, and for each question the labels (N, V), with rows of zeros if unknown.

    The last 2 P pictures are two views of each of the P examples in `pairs`: all first views, then all
    second.
    """

    pictures: Tensor
    answers: dict[str, Tensor]
    pairs: list[Example]


class BatchMaker:
    """Draws batches of a given size from the sources."""

    def __init__(
        self, sources: Sources, taxonomy: Taxonomy, maker: ExampleMaker, size: int, rng: np.random.Generator
    ) -> None:
        self._groups = sources.groups
        self._backgrounds = sources.backgrounds
        self._pools = [balanced_chances([e.category for e in group], 0.4) for _, group in sources.groups]
        self._sizes = {name: len(taxonomy.attribute(name).values) for name in QUESTIONS}
        self._patterns = taxonomy.attribute("pattern").values
        self._maker = maker
        self._paired = int(size * (1 - MIXED_SHARE) / 2)
        self._mixed = size - 2 * self._paired
        self._rng = rng

    def draw(self, side: int) -> Batch:
        """A batch of pictures of `side` by `side` pixels."""
        mixed = [self._augmented(example) for example in self._choose(self._mixed)]
        pairs = [self._augmented(example) for example in self._choose(self._paired)]
        blends, answers = self._mixup(mixed, side)
        views = [random_view(e, side, self._rng) for _ in range(2) for e in pairs]
        pictures = torch.cat([blends, as_input(np.stack(views))])
        known = {name: self._answers(name, pairs).repeat(2, 1) for name in QUESTIONS}
        return Batch(
            pictures.contiguous(memory_format=torch.channels_last),
            {name: torch.cat([answers[name], known[name]]) for name in QUESTIONS},
            pairs,
        )

    def _choose(self, count: int) -> list[Example]:
        shares = np.array([share for share, _ in self._groups])
        chosen = self._rng.choice(len(shares), count, p=shares / shares.sum())
        return [
            self._groups[i][1][int(self._rng.choice(len(self._pools[i]), p=self._pools[i]))] for i in chosen
        ]

    def _augmented(self, example: Example) -> Example:
        """Augment at random: another background, another colour, or a pattern on a plain garment."""
        if self._rng.random() < 0.4:
            example = moved(example, self._backgrounds, self._rng)
        if self._rng.random() < 0.12:
            color = int(self._rng.integers(len(self._maker.colors.names)))
            example = recolored(example, color, self._maker.colors)
        if example.plain and self._rng.random() < 0.25:
            index = int(self._rng.integers(1, len(self._patterns)))
            example = patterned(example, self._patterns[index], index, self._maker.colors, self._rng)
        return example

    def _mixup(self, examples: Sequence[Example], side: int) -> tuple[Tensor, dict[str, Tensor]]:
        """Mixup of pictures and category labels; colours and patterns of the result are unknown.

        Source: Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization".
        """
        pictures = as_input(np.stack([random_view(e, side, self._rng) for e in examples]))
        shares = torch.from_numpy(self._rng.beta(0.3, 0.3, len(examples)).astype(np.float32))
        across, down = shares[:, None], shares[:, None, None, None]
        answers = {name: torch.zeros(len(examples), self._sizes[name]) for name in QUESTIONS}
        category = self._answers("category", examples)
        answers["category"] = across * category + (1 - across) * category.flip(0)
        return down * pictures + (1 - down) * pictures.flip(0), answers

    def _answers(self, name: str, examples: Sequence[Example]) -> Tensor:
        size = self._sizes[name]
        if name == "category":
            exact = functional.one_hot(torch.tensor([e.category for e in examples]), size).float()
            return (1 - SMOOTHING) * exact + SMOOTHING / size
        rows: list[FloatArray | None] = [getattr(e, name) for e in examples]
        return torch.from_numpy(
            np.stack([np.zeros(size, np.float32) if r is None else r for r in rows])
        ).float()
