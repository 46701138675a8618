"""Whether the zero-shot words of an attribute, such as fit, are those that people say of garments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tqdm import tqdm

from domain.taxonomy import Taxonomy
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from models.attributes import AttributeClassifier, LabelTexts
from training.data.street import StreetPhoto
from training.evaluation.ground_truth import WordTruth
from training.evaluation.intervals import Estimate, macro_mean, share
from training.evaluation.predictions import PhotoRecord
from training.evaluation.serving import ServingPath, embedding_of


@dataclass(frozen=True, slots=True, eq=False)
class DescribedGarment:
    """A garment: what people say of it, the answers by attribute, and whose photo it is in."""

    truth: WordTruth
    answers: Mapping[str, str]
    cluster: str


@dataclass(frozen=True, slots=True)
class WordRow:
    """One value: how many garments people call so first, the share of them that is found, and all answers."""

    value: str
    garments: int
    recall: float | None
    answers: int


@dataclass(frozen=True, slots=True)
class WordFigures:
    """One attribute.

    Attributes:
        asked: whether the taxonomy lets the embedder answer it.
        balanced: mean over the values of the share that is right; what people say first alone is right.
        constant: the same of an answer that is always the same: 1 by the number of values.
        accepted: share of the answers that people accept, so any that they say.
        best_constant: the same of the answer that is right most often.
    """

    asked: bool
    balanced: Estimate
    constant: float
    accepted: Estimate
    best_constant: float
    rows: tuple[WordRow, ...]


class WordTeller:
    """Answers all attributes of a taxonomy, those that are not asked, too."""

    def __init__(self, path: ServingPath, taxonomy: Taxonomy) -> None:
        asked = tuple(replace(each, asked=True) for each in taxonomy.attributes)
        labels = LabelTexts.of(replace(taxonomy, attributes=asked, non_garments=()))
        self._path = path
        self._classifier = AttributeClassifier(labels.vocabularies(path.embed_texts(labels.texts)), 1.0)

    def of_lying(
        self, records: Sequence[PhotoRecord], truths: Sequence[WordTruth]
    ) -> Iterator[DescribedGarment]:
        """The main garments of those photos that are there."""
        by_name = {record.photo.path.stem: record for record in records}
        for truth in truths:
            if truth.photos == "clothing" and truth.image in by_name:
                record = by_name[truth.image]
                (answer,) = self._classifier.describe(embedding_of(record.prediction.main)[None])
                values = {name: each.value for name, each in answer.items()}
                yield DescribedGarment(truth, values, record.photo.sender)

    def of_worn(
        self, photos: Sequence[StreetPhoto], truths: Sequence[WordTruth]
    ) -> Iterator[DescribedGarment]:
        """The garments of those photos that are there, cropped by their true box as the server crops."""
        by_name = {photo.path.stem: photo for photo in photos}
        for truth in tqdm(truths, desc="words of worn garments"):
            if truth.photos == "street" and truth.image in by_name:
                photo = by_name[truth.image]
                box = next(garment.box for garment in photo.garments if garment.label == truth.garment)
                picture = decode(photo.path.read_bytes(), DecodeLimits())
                height, width = picture.shape[:2]
                region = crop(picture, expand(box, self._path.options.expand_ratio, width, height))
                row = self._path.encoder.run(self._path.encoder.preprocess(region)[None])
                (answer,) = self._classifier.describe(row)
                values = {name: each.value for name, each in answer.items()}
                yield DescribedGarment(truth, values, truth.image)


def measure_words(garments: Sequence[DescribedGarment], taxonomy: Taxonomy) -> dict[str, WordFigures]:
    """By attribute of which people have said something."""
    found: dict[str, WordFigures] = {}
    for attribute in taxonomy.attributes:
        judged = [each for each in garments if each.truth.values.get(attribute.name)]
        if judged:
            found[attribute.name] = _measure(judged, attribute.name, attribute.values, attribute.asked)
    return found


def _measure(
    garments: Sequence[DescribedGarment], name: str, values: Sequence[str], asked: bool
) -> WordFigures:
    said = [each.truth.values[name] for each in garments]
    answers = [each.answers[name] for each in garments]
    clusters = [each.cluster for each in garments]
    first = [each[0] for each in said]
    right = [answer == value for answer, value in zip(answers, first, strict=True)]
    return WordFigures(
        asked,
        macro_mean([float(each) for each in right], first, clusters),
        1 / len(set(first)),
        share([answer in each for answer, each in zip(answers, said, strict=True)], clusters),
        max(sum(value in each for each in said) for value in values) / len(said),
        tuple(_row(value, first, answers) for value in values),
    )


def _row(value: str, first: Sequence[str], answers: Sequence[str]) -> WordRow:
    garments = first.count(value)
    right = sum(answer == value for answer, said in zip(answers, first, strict=True) if said == value)
    return WordRow(value, garments, right / garments if garments else None, answers.count(value))
