from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from domain.types import ScoredValue
from models.artifact import Artifact
from models.classifier import Classifier
from models.session import OnnxSession

PHOTO = np.full((40, 60, 3), (51, 0, 102), np.uint8)
"""Logits 2, 0 and 4."""


@pytest.fixture
def classifier(classifier_artifact: Artifact) -> Classifier:
    return Classifier.load(classifier_artifact, OnnxSession)


def test_labels_come_with_their_probabilities_best_first(classifier: Classifier) -> None:
    total = math.exp(2) + math.exp(0) + math.exp(4)
    found = classifier.classify(PHOTO)
    assert [answer.value for answer in found] == ["blue", "red", "green"]
    assert [answer.score for answer in found] == pytest.approx(
        [math.exp(logit) / total for logit in (4, 2, 0)], abs=1e-6
    )


@pytest.mark.parametrize(("top_k", "count"), [(1, 1), (2, 2), (9, 3)])
def test_no_more_labels_than_asked_for(classifier: Classifier, top_k: int, count: int) -> None:
    assert len(classifier.classify(PHOTO, top_k)) == count


def test_the_order_of_equal_labels_is_the_manifest_s(classifier: Classifier) -> None:
    equal = np.array([0.25, 0.5, 0.25], np.float32)
    assert classifier.postprocess(equal, 3) == [
        ScoredValue("green", 0.5),
        ScoredValue("red", 0.25),
        ScoredValue("blue", 0.25),
    ]


@pytest.mark.parametrize(("mode", "column"), [("shortest", 255), ("squash", 0)])
def test_photos_are_prepared_as_the_manifest_says(
    classifier_artifact: Artifact, mode: str, column: int
) -> None:
    image = dataclasses.replace(classifier_artifact.manifest.image, resize_mode=mode)
    manifest = dataclasses.replace(classifier_artifact.manifest, image=image)
    classifier = Classifier.load(dataclasses.replace(classifier_artifact, manifest=manifest), OnnxSession)
    photo = np.zeros((32, 96, 3), np.uint8)
    photo[:, 32:64] = 255  # the middle third is all that "shortest" keeps
    prepared = classifier.preprocess(photo)
    assert prepared.shape == (32, 32, 3)
    assert prepared[16, 2].tolist() == [column] * 3


def test_golden_probabilities_agree(classifier: Classifier) -> None:
    assert classifier.check() == 0


def test_golden_probabilities_of_another_graph_do_not(
    classifier: Classifier, classifier_folder: Path
) -> None:
    with np.load(classifier_folder / "golden.npz") as file:
        arrays = dict(file)
    arrays["classifier_outputs"][1, 2] += 0.01
    np.savez(classifier_folder / "golden.npz", **arrays)
    with pytest.raises(ArtifactError, match=r"golden probabilities differ on cpu: by 0\.01"):
        classifier.check()
    assert classifier.check(1) == 0
