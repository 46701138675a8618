"""What composed scenes lack: boxes, or their names?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Detection, Pixels
from export.precision.average_precision import EvaluatedPicture, average_precision
from imaging.crop import crop, expand
from training.data.examples import default_cache
from training.data.scenes import Scene, compose
from training.data.thumbnails import load_thumbnails
from training.evaluation.average_precision import MIN_SCORE
from training.evaluation.measurement import CUT_OUT_PX, SCENE_SEED
from training.evaluation.predictions import choose_photos
from training.evaluation.serving import ServingPath, category_of

BOXES = 8
"""The surest boxes of a scene, which are measured."""


@dataclass(frozen=True, slots=True)
class SceneNameOptions:
    """`photos` is a folder of labelled photos, of whose validation split scenes are composed."""

    photos: Path
    labels: Path
    detector: Path
    embedder: Path
    taxonomy: Path
    cache: Path = default_cache()
    scenes: int = 200


def measure_scene_names(options: SceneNameOptions) -> Mapping[str, float]:
    """Mean AP50 of the same boxes, as one category, as the detector names them and as the embedder does.

    Raises:
        InvalidInput: a folder or a table is missing or invalid.
        ArtifactError: an artifact cannot be used.
    """
    path = ServingPath.load(options.detector, options.embedder, Taxonomy.load(options.taxonomy))
    photos = choose_photos(options.photos, options.labels, "validation")
    thumbnails = load_thumbnails([photo.path for photo in photos], CUT_OUT_PX, options.cache)
    scenes = list(compose(photos, thumbnails, options.scenes, SCENE_SEED))
    found = [_surest(path, scene) for scene in tqdm(scenes, desc="scenes")]
    expected = [[Detection(box, 1.0, label) for label, box in scene.objects] for scene in scenes]
    named = [_named(path, scene.picture, boxes) for scene, boxes in zip(scenes, found, strict=True)]
    return {
        "any": mean_precision([unnamed(each) for each in expected], [unnamed(each) for each in found]),
        "detector": mean_precision(expected, found),
        "embedder": mean_precision(expected, named),
    }


def unnamed(found: Iterable[Detection]) -> list[Detection]:
    """The boxes as one category."""
    return [replace(each, label="") for each in found]


def mean_precision(expected: Sequence[Sequence[Detection]], found: Sequence[Sequence[Detection]]) -> float:
    """AP50 of the boxes of scenes, the mean over the categories that are expected."""
    pairs = [EvaluatedPicture(*pair) for pair in zip(expected, found, strict=True)]
    precisions = average_precision(pairs, 0.5)
    return sum(precisions.values()) / len(precisions)


def _surest(path: ServingPath, scene: Scene) -> list[Detection]:
    return path.detect(scene.picture, MIN_SCORE)[:BOXES]


def _named(path: ServingPath, picture: Pixels, found: Sequence[Detection]) -> list[Detection]:
    """The boxes with the categories that the catalogue would store."""
    height, width = picture.shape[:2]
    regions = [crop(picture, expand(each.box, path.options.expand_ratio, width, height)) for each in found]
    items = path.describe(regions)
    return [replace(each, label=category_of(item).value) for each, item in zip(found, items, strict=True)]
