"""A YOLO classifier's own inputs and answers, which its graph is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from domain.types import FloatArray, Pixels


def library_answers(
    library: Any, size: tuple[int, int], pictures: Sequence[Pixels]
) -> tuple[list[Pixels], FloatArray]:
    """The library's inputs (H, W, 3) before they are normalised, and its probabilities (N, classes)."""
    probabilities = np.stack([_predict(library, size, picture) for picture in pictures])
    return [_prepare(library, picture) for picture in pictures], probabilities


def _predict(library: Any, size: tuple[int, int], picture: Pixels) -> FloatArray:
    (result,) = library.predict(
        np.ascontiguousarray(picture[..., ::-1]), imgsz=list(size), device="cpu", verbose=False
    )
    probabilities: FloatArray = result.probs.data.numpy()
    return probabilities


def _prepare(library: Any, picture: Pixels) -> Pixels:
    """The library's input before it is normalised, by the transform that its last prediction used."""
    from PIL import Image

    resize_and_crop = library.predictor.transforms.transforms[:2]
    image = Image.fromarray(picture)
    for transform in resize_and_crop:
        image = transform(image)
    return np.asarray(image)
