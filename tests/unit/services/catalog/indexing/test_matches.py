from __future__ import annotations

import pytest

from domain.types import AnalyzedItem, Box
from services.catalog.ids import item_id
from services.catalog.indexing.matches import match_items
from services.catalog.records.kept_items import FormerItem, KeptItem

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


def former(ordinal: int, box: Box | None, *, live: bool = True) -> FormerItem:
    return FormerItem(item_id(IMAGE, ordinal), ordinal, box, live)


def test_former_items_keep_their_numbers_whatever_the_order() -> None:
    accepted = {0: found(Box(50, 0, 61, 10)), 1: found(Box(1, 0, 11, 10)), 2: found(Box(90, 0, 99, 9))}
    known = [former(0, Box(0, 0, 10, 10)), former(3, Box(50, 0, 60, 10))]
    matches = match_items(IMAGE, accepted, [], known)
    assert {each.ordinal: each.analyzed.box.x1 for each in matches.assigned} == {3: 50, 0: 1, 2: 90}


def test_a_new_garment_has_a_number_that_no_item_has_had() -> None:
    known = [former(0, Box(0, 0, 10, 10)), former(1, None), former(2, Box(30, 30, 40, 40), live=False)]
    matches = match_items(IMAGE, {0: found(Box(60, 60, 70, 70)), 1: found(Box(80, 80, 90, 90))}, [], known)
    assert [each.ordinal for each in matches.assigned] == [3, 4]


def test_a_live_item_comes_before_one_that_was_no_longer_found() -> None:
    known = [former(0, Box(0, 0, 10, 10), live=False), former(1, Box(2, 0, 12, 10))]
    matches = match_items(IMAGE, {0: found(Box(0, 0, 10, 10))}, [], known)
    assert [each.ordinal for each in matches.assigned] == [1]
    matches = match_items(IMAGE, {0: found(Box(0, 0, 10, 10))}, [], known[:1])
    assert [each.ordinal for each in matches.assigned] == [0]
