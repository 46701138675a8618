"""Detections on photos of people, compared with the garments that they wear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tqdm import tqdm

from domain.types import Detection
from export.precision.average_precision import FOUND_IOU, ious
from imaging.decode import DecodeLimits, decode
from training.data.street import StreetPhoto, WornGarment
from training.evaluation.intervals import Estimate, share
from training.evaluation.serving import ServingPath

MIN_AREA_PX = 1500.0
"""Smaller boxes need not be found, in square pixels of the photo."""


@dataclass(frozen=True, slots=True, eq=False)
class WornCase:
    """One photo: the garments of a person, and what was detected."""

    photo: str
    garments: tuple[WornGarment, ...]
    detections: Sequence[Detection]


@dataclass(frozen=True, slots=True)
class WornRow:
    """One category.

    Attributes:
        garments: those that are large enough.
        found, named: shares of the garments that a box of any, and of their own, category overlaps; None if
            there is no garment.
        boxes: those with this label.
        misnamed: share of the boxes that overlap a garment, but none of this category.
        spurious: share of the boxes that overlap no garment; None if there is no box, as above.
    """

    name: str
    garments: int
    found: float | None
    named: float | None
    boxes: int = 0
    misnamed: float | None = None
    spurious: float | None = None


@dataclass(frozen=True, slots=True)
class WornFigures:
    """Attributes:
    found: share of the garments that a box of any category overlaps by IoU 0.5 or more.
    named: share of the garments that a box of their own category overlaps so.
    spurious: share of the boxes that overlap no garment so, of any size.
    empty: share of the photos without a box.
    """

    photos: int
    found: Estimate
    named: Estimate
    spurious: Estimate
    empty: Estimate
    rows: tuple[WornRow, ...]


def measure_worn(cases: Sequence[WornCase]) -> WornFigures:
    """Measure all cases; garments below `MIN_AREA_PX` are not looked for.

    The intervals are by bootstrap over photos.
    """
    sought = [(case, garment) for case in cases for garment in case.garments if _area(garment) >= MIN_AREA_PX]
    shown = [(case, detection) for case in cases for detection in case.detections]
    found = [bool(_over(garment, case.detections)) for case, garment in sought]
    named = [garment.category in _over(garment, case.detections) for case, garment in sought]
    of_photo = [case.photo for case, _ in sought]
    return WornFigures(
        photos=len(cases),
        found=share(found, of_photo),
        named=share(named, of_photo),
        spurious=share(
            [not _fitting(d, case.garments) for case, d in shown], [case.photo for case, _ in shown]
        )
        if shown
        else Estimate(0.0, 0.0, 0.0, 0),
        empty=share([not case.detections for case in cases]),
        rows=tuple(_rows([garment.category for _, garment in sought], found, named, shown)),
    )


def predict_worn(path: ServingPath, photos: Sequence[StreetPhoto]) -> Iterator[WornCase]:
    """Detect with the server's thresholds in each photo."""
    for photo in tqdm(photos, desc="photos of people"):
        picture = decode(photo.path.read_bytes(), DecodeLimits())
        yield WornCase(photo.path.stem, photo.garments, path.detect(picture))


def _rows(
    categories: Sequence[str],
    found: Sequence[bool],
    named: Sequence[bool],
    shown: Sequence[tuple[WornCase, Detection]],
) -> Iterator[WornRow]:
    for name in sorted({*categories, *(detection.label for _, detection in shown)}):
        chosen = [index for index, category in enumerate(categories) if category == name]
        boxes = [(case, detection) for case, detection in shown if detection.label == name]
        fitting = [_fitting(detection, case.garments) for case, detection in boxes]
        yield WornRow(
            name,
            len(chosen),
            _share([found[index] for index in chosen]),
            _share([named[index] for index in chosen]),
            len(boxes),
            _share([bool(each) and name not in each for each in fitting]),
            _share([not each for each in fitting]),
        )


def _share(right: Sequence[bool]) -> float | None:
    return sum(right) / len(right) if right else None


def _over(garment: WornGarment, detections: Sequence[Detection]) -> list[str]:
    """The labels of the detections that overlap a garment enough."""
    overlaps = ious(garment.box, [detection.box for detection in detections])
    return [d.label for d, iou in zip(detections, overlaps, strict=True) if iou >= FOUND_IOU]


def _fitting(detection: Detection, garments: Sequence[WornGarment]) -> list[str]:
    """The categories of the garments that a detection overlaps enough."""
    overlaps = ious(detection.box, [garment.box for garment in garments])
    return [g.category for g, iou in zip(garments, overlaps, strict=True) if iou >= FOUND_IOU]


def _area(garment: WornGarment) -> float:
    return garment.box.width * garment.box.height
