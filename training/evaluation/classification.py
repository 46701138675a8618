"""Measures an exported classifier on labelled pictures, as a server would answer them."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.classifier import Classifier
from models.session import OnnxSession
from training.data.picture_data import LabelledPicture, PictureData, read_pictures
from training.evaluation.intervals import share

FIGURES, CONFUSION = "metrics.json", "confusion.csv"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a classifier says of a picture: its labels, the most probable first."""

    picture: LabelledPicture
    labels: tuple[str, ...]


def evaluate_classifier(artifact: Path, data: PictureData, folder: Path, top_k: int = 3) -> Path:
    """Write the figures of the test split, or else of the validation split; returns their file.

    metrics.json has the shares of pictures whose label is first, and among the first `top_k`, with 95 %
    intervals over groups, and of each label; confusion.csv has a row (actual, predicted) for each picture.
    Where the data names the labels that count, others are no answers.

    Raises:
        ArtifactError: the artifact does not hold, or knows none of a picture's labels.
        InvalidInput: the data cannot be read.
    """
    classifier = Classifier.load(Artifact.load(artifact), OnnxSession)
    pictures = read_pictures(data)
    asked = pictures.test or pictures.validation
    if unknown := {picture.label for picture in asked} - set(classifier.manifest.labels):
        raise ArtifactError(f"the classifier does not know the labels {', '.join(sorted(unknown))}")
    counted = {*(data.labels or classifier.manifest.labels)}
    answers = [_answer(classifier, picture, counted) for picture in tqdm(asked, desc="pictures")]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / CONFUSION).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("actual", "predicted"))
        rows.writerows((answer.picture.label, answer.labels[0]) for answer in answers)
    path = folder / FIGURES
    path.write_text(json.dumps(_figures(answers, top_k), indent=2) + "\n", encoding="utf-8")
    return path


def _answer(classifier: Classifier, picture: LabelledPicture, counted: Set[str]) -> Answer:
    found = classifier.classify(picture.file.pixels(), len(classifier.manifest.labels))
    return Answer(picture, tuple(each.value for each in found if each.value in counted))


def _figures(answers: Sequence[Answer], top_k: int) -> dict[str, object]:
    groups = [answer.picture.group or str(answer.picture.path) for answer in answers]
    first = share([_is_right(answer, 1) for answer in answers], groups)
    among = share([_is_right(answer, top_k) for answer in answers], groups)
    by_label = {
        label: share([_is_right(each, 1) for each in answers if each.picture.label == label]).value
        for label in sorted({answer.picture.label for answer in answers})
    }
    return {
        "pictures": len(answers),
        "top1": first.value,
        "top1_low": first.low,
        "top1_high": first.high,
        f"top{top_k}": among.value,
        "macro_top1": sum(by_label.values()) / len(by_label),
        "labels": by_label,
    }


def _is_right(answer: Answer, count: int) -> bool:
    return answer.picture.label in answer.labels[:count]
