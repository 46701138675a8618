"""Whether garments get the colour family that people gave them, by their true boxes and as served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, Detection, Pixels
from export.precision.average_precision import FOUND_IOU, ious
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from training.data.street import StreetPhoto, load_street_photos
from training.evaluation.detection import in_pixels
from training.evaluation.ground_truth import FamilyTruth, GroundTruth, read_ground_truth
from training.evaluation.intervals import Estimate, share
from training.evaluation.serving import ServingPath


@dataclass(frozen=True, slots=True)
class FamilyAnswer:
    """What was told of one garment: families, "" where its box is not known or was not found."""

    truth: FamilyTruth
    in_box: str
    served: str


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One family: how many garments have it, the share of right answers in true boxes, and wrong ones."""

    name: str
    garments: int
    right: float
    instead: dict[str, int]


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """Attributes:
    in_box: share of right answers for the garments whose box is known.
    served: share of right answers for those that the detector found.
    garments: all that have a family.
    """

    garments: int
    in_box: Estimate | None
    served: Estimate | None
    rows: tuple[FamilyRow, ...]


class ColorTeller:
    """Tells the family of the main colour of a box of a picture, with the server's margin."""

    def __init__(self, path: ServingPath, taxonomy: Taxonomy) -> None:
        self._path = path
        self._taxonomy = taxonomy
        self._palette = Palette.of(taxonomy)

    def family(self, picture: Pixels, box: Box) -> str:
        """The family of the main colour of a box in pixels."""
        height, width = picture.shape[:2]
        region = crop(picture, expand(box, self._path.options.expand_ratio, width, height))
        return self._taxonomy.family_of(dominant_colors(region, self._palette)[0].name)

    def of_worn(self, photo: StreetPhoto, truth: FamilyTruth) -> FamilyAnswer:
        """What is told of a garment of a photo of a person."""
        picture = decode(photo.path.read_bytes(), DecodeLimits())
        box = next(garment.box for garment in photo.garments if garment.label == truth.garment)
        found = nearest_box(box, self._path.detect(picture))
        served = "" if found is None else self.family(picture, found)
        return FamilyAnswer(truth, self.family(picture, box), served)

    def of_lying(self, file: Path, box: Box | None, truth: FamilyTruth) -> FamilyAnswer:
        """What is told of the main garment of a photo; `box` is in shares of its sides."""
        picture = decode(file.read_bytes(), DecodeLimits())
        height, width = picture.shape[:2]
        in_box = "" if box is None else self.family(picture, in_pixels(box, width, height))
        return FamilyAnswer(truth, in_box, self.family(picture, self._path.predict(picture).main.box))


def answers_of_worn(
    teller: ColorTeller, photos: Sequence[StreetPhoto], truths: Sequence[FamilyTruth]
) -> Iterator[FamilyAnswer]:
    """The answers for the garments of those photos that are there, but for garments without a true box."""
    by_name = {photo.path.stem: photo for photo in photos}
    boxed = {(photo.path.stem, garment.label) for photo in photos for garment in photo.garments}
    for truth in tqdm(truths, desc="colours of worn garments"):
        if truth.photos == "street" and (truth.image, truth.garment) in boxed:
            yield teller.of_worn(by_name[truth.image], truth)


def answers_of_lying(
    teller: ColorTeller, files: Mapping[str, Path], ground_truth: GroundTruth
) -> Iterator[FamilyAnswer]:
    """The answers for the main garments of those photos that are there; `files` are by id."""
    for truth in tqdm(ground_truth.families, desc="colours of lying garments"):
        if truth.photos == "clothing" and truth.image in files:
            yield teller.of_lying(files[truth.image], ground_truth.boxes.get(truth.image), truth)


def measure_families(answers: Sequence[FamilyAnswer]) -> FamilyFigures | None:
    """The shares of right answers; garments of one photo are resampled together. None without answers."""
    if not answers:
        return None
    shown = [(each, each.in_box or each.served) for each in answers]
    names = dict.fromkeys(sorted(each.truth.family for each in answers))
    return FamilyFigures(
        len(answers),
        _share([(each.truth, each.in_box) for each in answers]),
        _share([(each.truth, each.served) for each in answers]),
        tuple(_row(name, [(a.truth, said) for a, said in shown if a.truth.family == name]) for name in names),
    )


@dataclass(frozen=True, slots=True)
class TrainFamilyOptions:
    """`photos` is a folder of labelled photos, `street` one of photos of people; artifacts are folders."""

    photos: Path
    street: Path
    detector: Path
    embedder: Path
    taxonomy: Path
    ground_truth: Path


def measure_train_families(options: TrainFamilyOptions) -> dict[str, FamilyFigures]:
    """The figures of garments of the train splits, by what they do (worn, lying).

    Raises:
        InvalidInput: a folder or a table is missing or invalid.
        ArtifactError: an artifact cannot be used.
    """
    taxonomy = Taxonomy.load(options.taxonomy)
    truth = read_ground_truth(options.ground_truth, taxonomy)
    truth = replace(truth, families=truth.train_families)
    teller = ColorTeller(ServingPath.load(options.detector, options.embedder, taxonomy), taxonomy)
    files = {path.stem: path for path in sorted(options.photos.glob("*.jpg"))}
    street = load_street_photos(options.street, "train")
    found = {
        "worn": measure_families([*answers_of_worn(teller, street, truth.families)]),
        "lying": measure_families([*answers_of_lying(teller, files, truth)]),
    }
    return {name: figures for name, figures in found.items() if figures is not None}


def nearest_box(box: Box, detections: Sequence[Detection]) -> Box | None:
    """The detected box that overlaps a box most, if by IoU 0.5 or more."""
    overlaps = ious(box, [detection.box for detection in detections])
    best = max(range(len(detections)), key=lambda index: overlaps[index], default=None)
    return None if best is None or overlaps[best] < FOUND_IOU else detections[best].box


def _share(told: Sequence[tuple[FamilyTruth, str]]) -> Estimate | None:
    known = [(truth, said) for truth, said in told if said]
    if not known:
        return None
    return share([truth.accepts(said) for truth, said in known], [truth.image for truth, _ in known])


def _row(name: str, told: Sequence[tuple[FamilyTruth, str]]) -> FamilyRow:
    wrong = [said for truth, said in told if not truth.accepts(said)]
    instead = {
        said: wrong.count(said) for said in sorted(set(wrong), key=lambda said: (-wrong.count(said), said))
    }
    return FamilyRow(name, len(told), 1 - len(wrong) / len(told), instead)
