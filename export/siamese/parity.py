"""A Siamese network's graph measured against the network and against its library's preprocessing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export.control import control_distance, distances, to_control
from models.agreement import cosines
from models.siamese_encoder import SiameseEncoder

ADVICE = {
    "control_distance": "all pictures have about the same embedding: has the run learned something?",
    "preprocess_mean_difference": "our resizing differs from the library's",
}


def measure_embeddings(
    graph: torch.nn.Module, encoder: SiameseEncoder, pictures: Sequence[Pixels]
) -> dict[str, float]:
    """The graph against torch, on the same inputs."""
    inputs = np.stack([encoder.preprocess(picture) for picture in pictures])
    with torch.no_grad():
        expected: FloatArray = graph(torch.from_numpy(inputs)).numpy()
    found, control = encoder.run(inputs), control_distance(expected)
    return {
        "pictures": float(len(pictures)),
        "control_distance": control,
        "embedding_cosine": float(cosines(expected, found).min()),
        "distance_to_control": to_control(float(distances(expected, found).max()), control),
    }


def measure_photos(
    encoder: SiameseEncoder,
    pictures: Sequence[Pixels],
    library_inputs: Sequence[FloatArray],
    library: FloatArray,
) -> dict[str, float]:
    """Photo to input and photo to embedding, against the library's preprocessing and the network in torch.

    `library_inputs` are (H, W, 3) in grey levels, before normalisation; `library` is (N, D).
    """
    inputs = [encoder.preprocess(picture) for picture in pictures]
    ours = np.concatenate([encoder.run(image[None]) for image in inputs])
    pairs = zip(library_inputs, inputs, strict=True)
    return {
        "preprocess_mean_difference": max(
            float(np.abs(theirs.astype(np.float32) - image).mean()) for theirs, image in pairs
        ),
        "preprocess_cosine": float(cosines(ours, library).min()),
    }
