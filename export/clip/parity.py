"""open_clip graphs measured against the network and the library's preprocessing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from domain.types import FloatArray, Pixels
from export.clip.image_tower import ImageTower
from export.clip.network import ClipNetwork
from export.clip.text_tower import TextTower
from export.clip.texts import TEXTS
from export.control import control_distance, distances, to_control
from models.agreement import cosines
from models.image_encoder import ImageEncoder
from models.text_encoder import TextEncoder


def measure_images(
    tower: ImageTower, clip: ClipNetwork, encoder: ImageEncoder, pictures: list[Pixels]
) -> dict[str, float]:
    """The graph against torch on the same inputs; and photo to embedding against the library's own."""
    inputs = np.stack([encoder.preprocess_photo(picture) for picture in pictures])
    expected, actual = _run_torch(tower, inputs), encoder.run(inputs)
    return {
        "pictures": float(len(pictures)),
        **_compare("image", expected, actual),
        "preprocess_cosine": float(cosines(_library_embeddings(clip, pictures), actual).min()),
    }


def measure_texts(clip: ClipNetwork, encoder: TextEncoder) -> dict[str, float]:
    """One by one, so that each text may be as short as it is."""
    ours = encoder.preprocess(TEXTS)
    theirs = np.asarray(clip.tokenizer(list(TEXTS)))
    actual = np.concatenate([encoder.run(row[None]) for row in ours])
    return {
        "texts": float(len(TEXTS)),
        "token_mismatches": float((ours != theirs).any(axis=1).sum()),
        **_compare("text", _run_torch(TextTower(clip.network), theirs), actual),
    }


def _library_embeddings(clip: ClipNetwork, pictures: list[Pixels]) -> FloatArray:
    """By the library alone: its transform, then its network in torch."""
    from PIL import Image

    batch = torch.stack([clip.transform(Image.fromarray(picture)) for picture in pictures])
    with torch.no_grad():
        embeddings: FloatArray = clip.network.encode_image(batch, normalize=True).numpy()
    return embeddings


def _compare(tower: str, expected: FloatArray, actual: FloatArray) -> dict[str, float]:
    control = control_distance(expected)
    return {
        f"{tower}_control_distance": control,
        f"{tower}_cosine": float(cosines(expected, actual).min()),
        f"{tower}_distance_to_control": to_control(float(distances(expected, actual).max()), control),
    }


def _run_torch(tower: torch.nn.Module, inputs: npt.NDArray[Any]) -> FloatArray:
    with torch.no_grad():
        embeddings: FloatArray = tower(torch.from_numpy(inputs)).numpy()
    return embeddings
