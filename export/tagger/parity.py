"""A tagger's graph measured against the network and against its library's preprocessing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export.control import control_difference, to_control
from models.tag_head import slices
from models.tagger import Tagger

ADVICE = {
    "control_output_distance": (
        "the answers hardly depend on the input: export a trained checkpoint, or give pictures of what it "
        "was trained on with --images"
    ),
    "preprocess_mean_difference": "our resizing differs from the library's",
}


def measure_outputs(graph: torch.nn.Module, tagger: Tagger, pictures: Sequence[Pixels]) -> dict[str, float]:
    """The graph against torch, on the same inputs."""
    inputs = np.stack([tagger.preprocess(picture) for picture in pictures])
    with torch.no_grad():
        expected: FloatArray = graph(torch.from_numpy(inputs)).numpy()
    difference, control = float(np.abs(expected - tagger.run(inputs)).max()), control_difference(expected)
    return {
        "pictures": float(len(pictures)),
        "control_output_distance": control,
        "output_difference": difference,
        "output_difference_to_control": to_control(difference, control),
    }


def measure_answers(
    tagger: Tagger, pictures: Sequence[Pixels], library_inputs: Sequence[FloatArray], library: FloatArray
) -> dict[str, float]:
    """Photo to input and photo to answers, against the library's preprocessing and the network in torch.

    `library_inputs` are (H, W, 3) in grey levels, before normalisation; `library` is (N, O).
    """
    inputs = [tagger.preprocess(picture) for picture in pictures]
    ours = np.concatenate([tagger.run(image[None]) for image in inputs])
    pairs = zip(library_inputs, inputs, strict=True)
    heads = tagger.manifest.heads
    agreements = [
        ours[:, place].argmax(axis=1) == library[:, place].argmax(axis=1)
        for head, place in zip(heads, slices(heads), strict=True)
        if head.kind != "number"
    ]
    return {
        "preprocess_mean_difference": max(
            float(np.abs(theirs.astype(np.float32) - image).mean()) for theirs, image in pairs
        ),
        "predicted_output_difference": float(np.abs(library - ours).max(axis=1).mean()),
        "best_value_agreement": float(np.mean(agreements)) if agreements else 1.0,
    }
