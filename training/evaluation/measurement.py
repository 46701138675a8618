"""Measures all figures of one pair of artifacts."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box
from models.artifact import Artifact
from models.manifest import FILE_NAME
from training.data.checksums import clothing_photos, provenance
from training.data.examples import default_cache
from training.data.photos import Photo, merged_categories, read_labels
from training.data.scenes import Scene, compose
from training.data.street import StreetPhoto, load_street_photos
from training.data.thumbnails import load_thumbnails
from training.evaluation.average_precision import SceneCase, SceneFigures, detect_in_scenes, measure_scenes
from training.evaluation.categories import CategoryFigures, measure_categories
from training.evaluation.colors import (
    ColorTeller,
    FamilyFigures,
    answers_of_lying,
    answers_of_worn,
    measure_families,
)
from training.evaluation.detection import BoxCase, BoxFigures, detected, in_pixels, measure_boxes
from training.evaluation.figures import Figures, ModelFacts
from training.evaluation.ground_truth import VERDICTS, GroundTruth, read_ground_truth
from training.evaluation.intervals import Estimate, mean, share
from training.evaluation.perturbations import perturbations
from training.evaluation.predictions import SPLITS, PhotoRecord, choose_photos, predict_photos, predictions
from training.evaluation.products import measure_products, predict_products
from training.evaluation.retrieval import (
    SearchMode,
    reachable_precision,
    same_category,
    search_modes,
    self_retrieval,
)
from training.evaluation.serving import ServingPath, category_of
from training.evaluation.speed import SpeedRow, compare
from training.evaluation.street_photos import StreetPhoto as ShippedPhoto
from training.evaluation.street_photos import predict_street_photos
from training.evaluation.synonyms import LabelledItem, SynonymFigures, measure_synonyms, worn_items
from training.evaluation.texts import Judge, TextFigures, measure_texts
from training.evaluation.words import WordFigures, WordTeller, measure_words
from training.evaluation.worn import WornFigures, measure_worn, predict_worn

MEGABYTE = 1_000_000
CUT_OUT_PX = 192
SCENE_SEED = 7


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """Options of an evaluation.

    Attributes:
        ground_truth: folder of queries.csv, colors.csv, boxes.csv and the others that `read_ground_truth`
            knows; rows about other photos are ignored.
        vit: folder of image.onnx, with whose latency the image tower is compared; None leaves it out.
        yolo: folder of detector.onnx, with whose latency the detector is compared; None leaves it out.
        street: folder of photos of people, whose development split is measured; None leaves it out.
        scenes: number of scenes that are composed of the photos; 0 leaves them out.
        cache: folder of cut-outs, kept between runs.
        command: the command line, as it is published with the figures.
    """

    photos: Path
    labels: Path
    detector: Path
    embedder: Path
    taxonomy: Path
    ground_truth: Path
    cache: Path = default_cache()
    split: str = "validation"
    vit: Path | None = None
    yolo: Path | None = None
    street: Path | None = None
    scenes: int = 200
    rounds: int = 15
    threads: int = 2
    command: str = "python -m training evaluate"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What the figures were computed from; the contact sheets show it."""

    records: tuple[PhotoRecord, ...]
    ground_truth: GroundTruth
    scenes: tuple[SceneCase, ...]
    people: tuple[ShippedPhoto, ...]
    modes: dict[str, SearchMode]

    @property
    def wanted(self) -> list[str]:
        """The labelled category of every photo."""
        return [record.photo.category for record in self.records]

    @property
    def senders(self) -> list[str]:
        """The sender of each photo."""
        return [record.photo.sender for record in self.records]

    @property
    def names(self) -> list[str]:
        """All categories that labels are merged to."""
        return list(dict.fromkeys(merged_categories().values()))


def evaluate(options: EvaluationOptions) -> tuple[Figures, Evidence]:
    """Measure all figures for which there is data.

    Raises:
        InvalidInput: there is no photo of the split, or a table is invalid.
        ArtifactError: an artifact cannot be used.
    """
    cv2.setNumThreads(1)
    taxonomy = Taxonomy.load(options.taxonomy)
    photos = choose_photos(options.photos, options.labels, options.split)
    ground_truth = read_ground_truth(options.ground_truth, taxonomy)
    scenes = _scenes(options, photos)
    street = [] if options.street is None else load_street_photos(options.street, "development")
    path = ServingPath.load(options.detector, options.embedder, taxonomy)
    speed = _time(options)
    evidence = _gather(options, path, photos, scenes, ground_truth, taxonomy)
    texts = _measure_texts(evidence, path, taxonomy)
    boxed = [len(detected(record.prediction.items)) for record in evidence.records]
    return Figures(
        command=options.command,
        data=_data(options),
        split=options.split,
        caveat=SPLITS[options.split],
        photos=len(evidence.records),
        contributors=len(set(evidence.senders)),
        categories=tuple(evidence.names),
        machine=_machine(),
        models=(_describe(options.detector), _describe(options.embedder)),
        category=_measure_categories(evidence),
        boxed=share([count > 0 for count in boxed], evidence.senders),
        boxes_per_photo=mean(boxed, evidence.senders),
        same_category=_measure_neighbours(evidence),
        same_category_ceiling=reachable_precision(evidence.wanted),
        itself=_measure_itself(evidence),
        texts=texts,
        boxes=_measure_boxes(evidence),
        scenes=_measure_scenes(evidence),
        cutouts=_share_verdicts(ground_truth.cutouts, options.labels),
        people={
            photo.name: [f"{item.label} {item.score:.2f}" for item in photo.items]
            for photo in evidence.people
        },
        speed=speed,
        worn=_measure_worn(path, street) if street else None,
        products=_measure_products(options, path, photos, street, taxonomy, evidence.names),
        synonyms=_measure_synonyms(evidence, path, street, taxonomy),
        families=_measure_families(evidence, path, street, taxonomy),
        words=_measure_words(evidence, path, street, taxonomy),
    ), evidence


def _scenes(options: EvaluationOptions, photos: Sequence[Photo]) -> Iterator[Scene]:
    """Scenes of the photos, composed lazily."""
    if options.scenes == 0:
        return iter(())
    thumbnails = load_thumbnails([photo.path for photo in photos], CUT_OUT_PX, options.cache)
    return compose(photos, thumbnails, options.scenes, SCENE_SEED)


def _gather(
    options: EvaluationOptions,
    path: ServingPath,
    photos: Sequence[Photo],
    made: Iterator[Scene],
    ground_truth: GroundTruth,
    taxonomy: Taxonomy,
) -> Evidence:
    records_made = predict_photos(path, photos, options.threads)
    records = tuple(tqdm(records_made, total=len(photos), desc=f"{options.split} photos"))
    scenes = tuple(tqdm(detect_in_scenes(path, made), total=options.scenes, desc="scenes"))
    people = tuple(predict_street_photos(path))
    return Evidence(
        records,
        ground_truth,
        scenes,
        people,
        search_modes(predictions(records), path.options, path.category_bonus, taxonomy),
    )


def _measure_categories(evidence: Evidence) -> dict[str, CategoryFigures]:
    """Three predictions: zero-shot of the whole photo, zero-shot of the main item, the detector's label."""
    found = predictions(evidence.records)
    answers = {
        "whole photo, zero-shot": [category_of(prediction.whole).value for prediction in found],
        "item, zero-shot": [category_of(prediction.main).value for prediction in found],
        "item, the detector's label": [
            "" if prediction.main.whole_image else prediction.main.label for prediction in found
        ],
    }
    return {
        name: measure_categories(evidence.wanted, found, evidence.names, evidence.senders)
        for name, found in answers.items()
    }


def _measure_neighbours(evidence: Evidence) -> dict[str, Estimate]:
    found = predictions(evidence.records)
    return {
        name: same_category(mode, found, evidence.wanted, evidence.senders)
        for name, mode in evidence.modes.items()
    }


def _measure_itself(evidence: Evidence) -> dict[str, dict[str, Estimate]]:
    return {
        perturbation: {
            name: self_retrieval(mode, predictions(evidence.records, perturbation), evidence.senders)
            for name, mode in evidence.modes.items()
        }
        for perturbation in perturbations()
    }


def _measure_texts(evidence: Evidence, path: ServingPath, taxonomy: Taxonomy) -> dict[str, TextFigures]:
    queries = evidence.ground_truth.queries
    if not queries:
        return {}
    vectors = path.embed_texts([query.text for query in queries])
    judge = Judge([record.photo for record in evidence.records], evidence.ground_truth)
    found = {
        name: measure_texts(mode, queries, vectors, judge, taxonomy) for name, mode in evidence.modes.items()
    }
    return {name: figures for name, figures in found.items() if figures is not None}


def _measure_boxes(evidence: Evidence) -> BoxFigures | None:
    boxes = evidence.ground_truth.boxes
    return measure_boxes(
        [_box_case(record, boxes) for record in evidence.records if record.photo.path.stem in boxes]
    )


def _measure_scenes(evidence: Evidence) -> SceneFigures | None:
    return measure_scenes(evidence.scenes, evidence.names) if evidence.scenes else None


def _measure_worn(path: ServingPath, street: Sequence[StreetPhoto]) -> WornFigures:
    return measure_worn([*predict_worn(path, street)])


def _measure_products(
    options: EvaluationOptions,
    path: ServingPath,
    photos: Sequence[Photo],
    street: Sequence[StreetPhoto],
    taxonomy: Taxonomy,
    names: Sequence[str],
) -> dict[str, CategoryFigures]:
    thumbnails = load_thumbnails([photo.path for photo in photos], CUT_OUT_PX, options.cache)
    return measure_products([*predict_products(path, photos, thumbnails, street, taxonomy)], names)


def _measure_synonyms(
    evidence: Evidence, path: ServingPath, street: Sequence[StreetPhoto], taxonomy: Taxonomy
) -> dict[str, SynonymFigures]:
    queries = evidence.ground_truth.synonyms
    if not queries:
        return {}
    items = [LabelledItem(record.photo.label, record.prediction) for record in evidence.records]
    return measure_synonyms(queries, [*items, *worn_items(path, street)], path, taxonomy)


def _measure_families(
    evidence: Evidence, path: ServingPath, street: Sequence[StreetPhoto], taxonomy: Taxonomy
) -> dict[str, FamilyFigures]:
    teller, truth = ColorTeller(path, taxonomy), evidence.ground_truth
    files = {record.photo.path.stem: record.photo.path for record in evidence.records}
    found = {
        "worn": measure_families([*answers_of_worn(teller, street, truth.families)]),
        "lying": measure_families([*answers_of_lying(teller, files, truth)]),
    }
    return {name: figures for name, figures in found.items() if figures is not None}


def _measure_words(
    evidence: Evidence, path: ServingPath, street: Sequence[StreetPhoto], taxonomy: Taxonomy
) -> dict[str, WordFigures]:
    truths = evidence.ground_truth.words
    if not truths:
        return {}
    teller = WordTeller(path, taxonomy)
    garments = [*teller.of_lying(evidence.records, truths), *teller.of_worn(street, truths)]
    return measure_words(garments, taxonomy)


def _share_verdicts(verdicts: Mapping[str, str], labels: Path) -> dict[str, Estimate]:
    """The share of each verdict; photos that `labels` does not name are clusters of their own."""
    known = {photo.path.stem: photo.sender for photo in read_labels(labels, labels.parent)}
    senders = [known.get(name, name) for name in verdicts]
    return {
        name: share([verdict == name for verdict in verdicts.values()], senders)
        for name in VERDICTS
        if name in verdicts.values()
    }


def _time(options: EvaluationOptions) -> tuple[SpeedRow, ...]:
    pairs = [
        ("image tower", options.embedder / "image.onnx", "ViT-B/32", options.vit, "image.onnx"),
        ("detector", options.detector / "detector.onnx", "YOLOv8n", options.yolo, "detector.onnx"),
    ]
    rows = []
    for name, graph, beside, folder, file in pairs:
        if folder is not None:
            rows.append(compare(name, graph, beside, folder / file, options.rounds))
    return tuple(rows)


def _box_case(record: PhotoRecord, boxes: Mapping[str, Box]) -> BoxCase:
    frame = record.prediction.whole.box
    hand = in_pixels(boxes[record.photo.path.stem], frame.width, frame.height)
    return BoxCase(hand, record.photo.category, record.prediction.items, frame, record.photo.sender)


def _describe(folder: Path) -> ModelFacts:
    manifest = Artifact.load(folder).manifest
    sizes = {name: (folder / name).stat().st_size / MEGABYTE for name in (*manifest.files, FILE_NAME)}
    return ModelFacts(
        name=manifest.name,
        version=manifest.version.model_version,
        license=manifest.license,
        input=f"{manifest.image.width} x {manifest.image.height}",
        size_mb=sum(sizes.values()),
        graphs_mb={
            name.removesuffix(".onnx"): size for name, size in sizes.items() if name.endswith(".onnx")
        },
    )


def _data(options: EvaluationOptions) -> str:
    folder = options.labels.parent
    if options.photos.resolve() == (folder / "images").resolve():
        return provenance(clothing_photos(), folder)
    return f"not the published {clothing_photos().name}"


def _machine() -> dict[str, str]:
    return {
        "cores": str(os.cpu_count()),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "onnxruntime": onnxruntime.__version__,
        "opencv": cv2.__version__,
        "numpy": np.__version__,
    }
