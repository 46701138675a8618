"""Batches of pictures, read by this process or by others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from domain.types import Pixels
from imaging.crop import fit_padded
from imaging.fit import contain
from models.preprocessing import ImagePreprocessing
from training.data.picture_file import PictureFile
from training.recipes.classification_views import Augmentation, plain_view, random_view

Batch = tuple[Tensor, Tensor]
"""Pictures (N, S, S, 3) uint8 and the index of each in its split (N,) int64."""


@dataclass(frozen=True, slots=True)
class Views(Dataset[Any]):
    """A view of each picture; with an `augmentation` a random one, which follows from `seed` alone.

    With a `fit`, pictures are prepared as garments are when a model with such an input is served; with a
    `fill` they keep their proportions on that grey; else they are scaled to the side, whatever their shape.
    """

    files: Sequence[PictureFile]
    side: int
    augmentation: Augmentation | None = None
    seed: tuple[int, ...] = ()
    fit: ImagePreprocessing | None = None
    fill: int | None = None

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[Pixels, int]:
        picture = self.files[index].pixels()
        if self.augmentation is None:
            return self._plain(picture), index
        rng = np.random.default_rng((*self.seed, index))
        longer = min(max(picture.shape[:2]), 2 * self.side)
        if self.fit:
            picture = fit_padded(picture, longer, longer)
        elif self.fill is not None:
            picture = contain(picture, longer, longer, self.fill, "bilinear")
        return random_view(picture, self.side, self.augmentation, rng), index

    def _plain(self, picture: Pixels) -> Pixels:
        if self.fit:
            return self.fit.fit_garment(picture)
        if self.fill is not None:
            return contain(picture, self.side, self.side, self.fill, "bilinear")
        return plain_view(picture, self.side)


def in_order(views: Views, size: int, workers: int) -> Iterator[Batch]:
    """All views in batches, in their order."""
    rows = [list(range(start, min(start + size, len(views)))) for start in range(0, len(views), size)]
    return in_rows(views, rows, workers)


def shuffled(views: Views, size: int, workers: int) -> Iterator[Batch]:
    """All views in batches, in an order that follows from their seed."""
    order = np.random.default_rng(views.seed).permutation(len(views)).tolist()
    return in_rows(views, [order[start : start + size] for start in range(0, len(order), size)], workers)


def in_rows(views: Views, rows: Sequence[Sequence[int]], workers: int) -> Iterator[Batch]:
    """Batches of the views with these indices."""
    loader = DataLoader(
        views,
        batch_sampler=rows,  # type: ignore[arg-type]
        num_workers=workers,
        collate_fn=_collated,
        worker_init_fn=_use_one_thread,
        pin_memory=torch.cuda.is_available(),
    )
    return iter(loader)


def normalizer(
    mean: Sequence[float], std: Sequence[float], device: torch.device
) -> Callable[[Tensor], Tensor]:
    """A function from pictures (N, S, S, 3) uint8 to a network's input (N, 3, S, S) float32 on the device."""
    shift, scale = (torch.tensor(each, device=device).view(1, 3, 1, 1) for each in (mean, std))

    def normalized(pictures: Tensor) -> Tensor:
        planes = pictures.to(device, non_blocking=True).permute(0, 3, 1, 2)
        return (planes.float() / 255 - shift) / scale  # channels last, as the pictures are

    return normalized


def _collated(rows: Sequence[tuple[Pixels, int]]) -> Batch:
    pictures, indices = zip(*rows, strict=True)
    return torch.from_numpy(np.stack(pictures)), torch.tensor(indices)


def _use_one_thread(_: int) -> None:
    cv2.setNumThreads(1)
