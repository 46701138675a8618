"""A YOLO classifier's graph measured against the network and against the library's own predictions."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from domain.types import FloatArray, Pixels
from export.control import control_difference, to_control
from export.yolo.classifier_graph import ClassifierGraph
from models.classifier import Classifier


def measure_probabilities(
    graph: ClassifierGraph, classifier: Classifier, pictures: list[Pixels]
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


def measure_answers(library: Any, classifier: Classifier, pictures: list[Pixels]) -> dict[str, float]:
    """Photo to input and photo to probabilities, against the library's own."""
    inputs = [classifier.preprocess(picture) for picture in pictures]
    theirs = np.stack([_predict(library, classifier, picture) for picture in pictures])
    ours = np.concatenate([classifier.run(image[None]) for image in inputs])
    prepared = [_prepare(library, picture) for picture in pictures]
    differences = [
        float(np.abs(a.astype(np.int16) - b).mean()) for a, b in zip(prepared, inputs, strict=True)
    ]
    return {
        "preprocess_mean_difference": max(differences),
        "predicted_probability_difference": float(np.abs(theirs - ours).max(axis=1).mean()),
        "top1_agreement": float((theirs.argmax(axis=1) == ours.argmax(axis=1)).mean()),
    }


def _predict(library: Any, classifier: Classifier, picture: Pixels) -> FloatArray:
    (result,) = library.predict(
        np.ascontiguousarray(picture[..., ::-1]),
        imgsz=list(classifier.manifest.image.shape[:2]),
        device="cpu",
        verbose=False,
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
