from __future__ import annotations

import pytest

from domain.types import AnalyzedItem, Box
from services.catalog.ids import item_id
from services.catalog.indexing.matches import match_items
from services.catalog.records.kept_items import KeptItem

IMAGE = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c004"


def kept(ordinal: int, box: Box, *, own_box: bool = False) -> KeptItem:
    return KeptItem(item_id(IMAGE, ordinal), ordinal, box, False, own_box, False, False, "hat", 0.5, "e")


def found(box: Box) -> AnalyzedItem:
    return AnalyzedItem(box, 0.9, "dress")


def test_a_garment_is_the_item_that_it_overlaps_most() -> None:
    accepted = {0: found(Box(0, 0, 10, 10)), 1: found(Box(1, 0, 11, 10))}
    matches = match_items(IMAGE, accepted, [kept(1, Box(0, 0, 10, 10))])
    assert [(each.ordinal, each.analyzed.box.x1) for each in matches.assigned] == [(1, 0), (0, 1)]
    assert matches.unseen == ()


@pytest.mark.parametrize(("x1", "seen"), [(0.5, True), (3.0, False)])
def test_a_persons_box_stays_and_takes_the_garment(x1: float, seen: bool) -> None:
    own = kept(0, Box(0, 0, 10, 10), own_box=True)
    matches = match_items(IMAGE, {0: found(Box(x1, 0, 10 + x1, 10))}, [own])
    assert [each.analyzed.box for each in matches.assigned] == ([own.box] if seen else [])
    assert matches.unseen == (() if seen else (own,))


def test_an_item_that_is_not_found_keeps_its_number() -> None:
    gone = kept(0, Box(50, 50, 60, 60))
    matches = match_items(IMAGE, {0: found(Box(0, 0, 10, 10))}, [gone])
    assert [each.ordinal for each in matches.assigned] == [1]
    assert matches.unseen == (gone,)
