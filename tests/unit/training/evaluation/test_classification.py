"""An exported classifier is measured on labelled pictures."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.classifier import Classifier
from models.session import OnnxSession
from tests.classifier_artifact import SIDE, write_classifier
from training.data.picture_data import PictureData
from training.evaluation.classification import evaluate_classifier

LABELS = ("one", "two", "three")


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    return write_classifier(tmp_path / "artifact", LABELS)


def write_pictures(folder: Path, artifact: Path, count: int) -> list[str]:
    """Pictures whose labels are what the classifier says of every one but the last; returns the labels."""
    classifier = Classifier.load(Artifact.load(artifact), OnnxSession)
    rng, labels = np.random.default_rng(0), []
    for number in range(count):
        picture = rng.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
        answer = classifier.classify(picture, 3)
        label = answer[0 if number < count - 1 else 1].value
        labels.append(label)
        path = folder / "test" / label / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    for number, label in enumerate({*labels}):
        for split in ("train", "validation"):
            path = folder / split / label / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), np.zeros((SIDE, SIDE, 3), np.uint8))
    return labels


def test_the_figures_are_those_of_the_answers(tmp_path: Path, artifact: Path) -> None:
    labels = write_pictures(tmp_path / "pictures", artifact, 8)
    data = PictureData(path=tmp_path / "pictures", validation_split="validation", test_split="test")
    path = evaluate_classifier(artifact, data, tmp_path / "out", top_k=2)
    figures = json.loads(path.read_text())
    assert figures["pictures"] == 8
    assert figures["top1"] == pytest.approx(7 / 8)
    assert figures["top2"] == 1.0
    assert figures["top1_low"] < 7 / 8 < figures["top1_high"]
    with (tmp_path / "out/confusion.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["actual"] for row in rows) == sorted(labels)
    assert sum(row["actual"] == row["predicted"] for row in rows) == 7


def test_labels_that_do_not_count_are_no_answers(tmp_path: Path, artifact: Path) -> None:
    two = sorted({*write_pictures(tmp_path / "pictures", artifact, 8)})[:2]
    data = PictureData(
        path=tmp_path / "pictures", validation_split="validation", test_split="test", labels=tuple(two)
    )
    evaluate_classifier(artifact, data, tmp_path / "out")
    with (tmp_path / "out/confusion.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["actual"] for row in rows} <= {*two}
    assert {row["predicted"] for row in rows} <= {*two}


def test_labels_that_the_classifier_does_not_know_are_named(tmp_path: Path) -> None:
    known = write_classifier(tmp_path / "known", LABELS)
    write_pictures(tmp_path / "pictures", known, 3)
    other = write_classifier(tmp_path / "other", ("four", "five"))
    data = PictureData(path=tmp_path / "pictures", validation_split="validation", test_split="test")
    with pytest.raises(ArtifactError, match="does not know the labels"):
        evaluate_classifier(other, data, tmp_path / "out")
