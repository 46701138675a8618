"""The golden batch of a classifier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from domain.types import Pixels
from export.gate_pictures import pixelate
from models.classifier import Classifier
from models.golden import Golden


def classifier_golden(classifier: Classifier, pictures: Sequence[Pixels]) -> Golden:
    """Two of the gate's pictures, in blocks so that they take little room, and their probabilities."""
    block_px = max(1, -(-max(classifier.manifest.image.shape) // 112))
    inputs = np.stack(
        [pixelate(classifier.preprocess(picture), block_px) for picture in (pictures[0], pictures[5])]
    )
    return Golden(inputs, classifier.run(inputs))
