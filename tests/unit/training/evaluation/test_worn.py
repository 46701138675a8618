from __future__ import annotations

from domain.types import Box, Detection
from training.data.street import WornGarment
from training.evaluation.worn import WornCase, measure_worn

COAT, BAG = Box(0, 0, 50, 100), Box(60, 60, 100, 100)


def case(photo: str, *detections: tuple[str, Box], bag: Box = BAG) -> WornCase:
    garments = (WornGarment("coat", "outerwear", COAT), WornGarment("purse", "bag", bag))
    return WornCase(photo, garments, [Detection(box, 0.9, label) for label, box in detections])


def test_a_garment_is_found_by_any_label_and_named_by_its_own() -> None:
    figures = measure_worn([case("a", ("dress", COAT), ("bag", BAG)), case("b", ("outerwear", COAT))])
    assert (figures.photos, figures.found.count) == (2, 4)
    assert (figures.found.value, figures.named.value, figures.spurious.value) == (0.75, 0.5, 0.0)
    rows = {row.name: (row.garments, row.found, row.named) for row in figures.rows}
    assert rows == {"bag": (2, 0.5, 0.5), "outerwear": (2, 1.0, 0.5), "dress": (0, None, None)}


def test_boxes_are_told_by_their_label_and_what_they_lie_on() -> None:
    figures = measure_worn([case("a", ("hat", COAT), ("hat", Box(0, 0, 10, 10)), ("bag", BAG))])
    rows = {row.name: (row.garments, row.boxes, row.misnamed, row.spurious) for row in figures.rows}
    assert rows == {"bag": (1, 1, 0.0, 0.0), "hat": (0, 2, 0.5, 0.5), "outerwear": (1, 0, None, None)}
    assert [(row.found, row.named) for row in figures.rows if row.name == "hat"] == [(None, None)]


def test_small_garments_need_not_be_found_but_are_not_spurious() -> None:
    small = Box(60, 60, 98, 98)  # 1,444 square pixels
    figures = measure_worn([case("a", ("outerwear", COAT), ("bag", small), bag=small)])
    assert (figures.found.count, figures.found.value, figures.spurious.value) == (1, 1.0, 0.0)


def test_boxes_beside_all_garments_are_spurious() -> None:
    figures = measure_worn([case("a", ("outerwear", COAT), ("hat", Box(0, 0, 10, 10)))])
    assert figures.spurious.value == 0.5


def test_photos_without_a_box_are_counted() -> None:
    figures = measure_worn([case("a"), case("b", ("bag", BAG))])
    assert figures.empty.value == 0.5
    assert measure_worn([case("a")]).spurious.count == 0
