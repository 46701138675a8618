"""The rows of the contact sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from domain.types import Box
from export.precision.average_precision import FOUND_IOU, ious
from training.evaluation.average_precision import SceneCase
from training.evaluation.detection import in_pixels
from training.evaluation.predictions import PhotoRecord
from training.evaluation.retrieval import SearchMode
from training.evaluation.serving import category_of
from training.evaluation.sheets import Cell, Verdict, outline, shrink
from training.evaluation.street_photos import StreetPhoto
from training.evaluation.texts import QueryRow

T = TypeVar("T")

HITS = 4
MISSES = 10
NEIGHBOURS = 10


def category_rows(records: Sequence[PhotoRecord], names: Sequence[str]) -> list[list[Cell]]:
    """For each category some photos that were predicted right, then some that were predicted wrong."""
    rng = np.random.default_rng(0)
    rows = []
    for name in names:
        of_name = [record for record in records if record.photo.category == name]
        answers = [(record, category_of(record.prediction.main).value) for record in of_name]
        hits = [Cell(record.thumbnail, name, "right") for record, answer in answers if answer == name]
        misses = [Cell(record.thumbnail, answer, "wrong") for record, answer in answers if answer != name]
        rows.append([*_some(hits, HITS, rng), *_some(misses, MISSES, rng)])
    return [row for row in rows if row]


def box_rows(
    records: Sequence[PhotoRecord], boxes: Mapping[str, Box], columns: int, lines: int
) -> list[list[Cell]]:
    """Photos with their detections and, if annotated, the box drawn by hand; the worst come first.

    Annotated boxes are grey, matching detections green, others red. If no photo is annotated, random photos
    are shown with blue boxes.
    """
    judged = [record for record in records if record.photo.path.stem in boxes]
    if judged:
        chosen = sorted(judged, key=lambda record: _best(record, boxes))
    else:
        chosen = _some(records, columns * lines, np.random.default_rng(0))
    cells = [_box_cell(record, boxes) for record in chosen[: columns * lines]]
    return [cells[start : start + columns] for start in range(0, len(cells), columns)]


def text_rows(rows: Sequence[QueryRow], records: Sequence[PhotoRecord]) -> list[list[Cell]]:
    """The first five hits of every text, with the text as caption."""
    by_name = {record.photo.path.stem: record for record in records}
    return [
        [
            Cell(by_name[name].thumbnail, row.text if rank == 0 else "", "right" if right else "wrong")
            for rank, (name, right) in enumerate(zip(row.hits, row.right, strict=True))
        ]
        for row in rows
    ]


def neighbour_rows(
    records: Sequence[PhotoRecord], mode: SearchMode, names: Sequence[str]
) -> list[list[Cell]]:
    """One random photo of each category, and its ten hits."""
    rng = np.random.default_rng(1)
    rows = []
    for name in names:
        members = [row for row, record in enumerate(records) if record.photo.category == name]
        for row in _some(members, 1, rng):
            hits = [records[hit] for hit in mode.search(records[row].prediction, NEIGHBOURS, without=row)]
            cells = [Cell(hit.thumbnail, hit.photo.category, _verdict(hit, name)) for hit in hits]
            rows.append([Cell(records[row].thumbnail, name), *cells])
    return rows


def scene_rows(cases: Sequence[SceneCase], columns: int, side_px: int) -> list[list[Cell]]:
    """Composed scenes with the detections that the server would answer; matching boxes are green."""
    cells = [_scene_cell(case, side_px) for case in cases]
    return [cells[start : start + columns] for start in range(0, len(cells), columns)]


def people_row(photos: Sequence[StreetPhoto], side_px: int) -> list[Cell]:
    """Street photos with all detections, which are not annotated."""
    cells = []
    for photo in photos:
        small = shrink(photo.picture, side_px)
        gain = max(small.shape[:2]) / max(photo.picture.shape[:2])
        boxes: list[tuple[Box, str, Verdict]] = [
            (item.box, f"{item.label} {item.score:.2f}", "unjudged") for item in photo.items
        ]
        cells.append(Cell(outline(small, boxes, gain, label_px=12), photo.name))
    return cells


def _scene_cell(case: SceneCase, side_px: int) -> Cell:
    small = shrink(case.picture, side_px)
    gain = max(small.shape[:2]) / max(case.picture.shape[:2])
    boxes: list[tuple[Box, str, Verdict]] = []
    for item in case.shown:
        same = [box for label, box in case.objects if label == item.label]
        right = max(ious(item.box, same), default=0.0) >= FOUND_IOU
        boxes.append((item.box, f"{item.label} {item.score:.2f}", "right" if right else "wrong"))
    return Cell(outline(small, boxes, gain), ", ".join(label for label, _ in case.objects))


def _best(record: PhotoRecord, boxes: Mapping[str, Box]) -> float:
    hand = _hand_px(record, boxes[record.photo.path.stem])
    found = [item.box for item in record.prediction.items if not item.whole_image]
    return max(ious(hand, found), default=0.0) - 0.1 * len(found)


def _box_cell(record: PhotoRecord, boxes: Mapping[str, Box]) -> Cell:
    found = [item for item in record.prediction.items if not item.whole_image]
    shares = boxes.get(record.photo.path.stem)
    hand = None if shares is None else _hand_px(record, shares)
    drawn: list[tuple[Box, str, Verdict]] = [(hand, "", "asked")] if hand else []
    for item in found:
        overlap = ious(hand, [item.box])[0] if hand else None
        drawn.append((item.box, f"{item.label} {item.score:.2f}", _verdict_of(overlap)))
    return Cell(outline(record.thumbnail, drawn, record.gain), record.photo.category)


def _verdict_of(overlap: float | None) -> Verdict:
    if overlap is None:
        return "unjudged"
    return "right" if overlap >= FOUND_IOU else "wrong"


def _hand_px(record: PhotoRecord, shares: Box) -> Box:
    whole = record.prediction.whole.box
    return in_pixels(shares, whole.width, whole.height)


def _verdict(record: PhotoRecord, name: str) -> Verdict:
    return "right" if record.photo.category == name else "wrong"


def _some(values: Sequence[T], count: int, rng: np.random.Generator) -> list[T]:
    return [values[index] for index in rng.permutation(len(values))[:count]]
