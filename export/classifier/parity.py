"""A classifier's graph measured against the network and against its library's own answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export.control import control_difference, to_control
from models.classifier import Classifier

ADVICE = {
    "control_probability_distance": (
        "the probabilities hardly depend on the input. Random weights do that: export a trained checkpoint, "
        "or give pictures of what it was trained on with --images"
    ),
    "preprocess_mean_difference": "our resizing differs from the library's",
    "predicted_probability_difference": "photos give other probabilities than with the library",
    "top1_agreement": "photos give other labels than with the library",
}


def measure_probabilities(
    graph: torch.nn.Module, classifier: Classifier, pictures: Sequence[Pixels]
) -> dict[str, float]:
    """The graph against torch, on the same inputs."""
    inputs = np.stack([classifier.preprocess(picture) for picture in pictures])
    with torch.no_grad():
        expected: FloatArray = graph(torch.from_numpy(inputs)).numpy()
    difference, control = float(np.abs(expected - classifier.run(inputs)).max()), control_difference(expected)
    return {
        "pictures": float(len(pictures)),
        "control_probability_distance": control,
        "probability_difference": difference,
        "probability_difference_to_control": to_control(difference, control),
    }


def measure_answers(
    classifier: Classifier,
    pictures: Sequence[Pixels],
    library_inputs: Sequence[FloatArray | Pixels],
    library_probabilities: FloatArray,
) -> dict[str, float]:
    """Photo to input and photo to probabilities, against the library's own.

    `library_inputs` are (H, W, 3) in grey levels, before normalisation; `library_probabilities` are
    (N, classes).
    """
    inputs = [classifier.preprocess(picture) for picture in pictures]
    ours = np.concatenate([classifier.run(image[None]) for image in inputs])
    differences = [
        float(np.abs(theirs.astype(np.float32) - image).mean())
        for theirs, image in zip(library_inputs, inputs, strict=True)
    ]
    theirs = library_probabilities
    return {
        "preprocess_mean_difference": max(differences),
        "predicted_probability_difference": float(np.abs(theirs - ours).max(axis=1).mean()),
        "top1_agreement": float((theirs.argmax(axis=1) == ours.argmax(axis=1)).mean()),
    }
