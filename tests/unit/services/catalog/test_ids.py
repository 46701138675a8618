from __future__ import annotations

import threading
import time
import uuid

import pytest

from domain.errors import InvalidInput
from services.catalog.ids import IdSource, check_id, item_id, new_etag


def test_ids_are_uuids_of_version_7_made_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_123_456_789)
    made = uuid.UUID(IdSource().next())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_700_000_000_123


def test_ids_rise_within_a_source_on_any_thread() -> None:
    source, made = IdSource(), list[list[str]]()

    def draw() -> None:
        made.append([source.next() for _ in range(5000)])

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(ids == sorted(ids) for ids in made)
    assert len({id for ids in made for id in ids}) == 20_000


def test_a_clock_that_goes_back_does_not_turn_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    source = IdSource()
    first = source.next()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    second = source.next()
    assert second > first
    assert uuid.UUID(second).version == 7


def test_an_items_id_follows_from_image_and_place() -> None:
    image_id = IdSource().next()
    ids = [item_id(image_id, place) for place in range(100)]
    assert ids == [item_id(image_id, place) for place in range(100)]
    assert len(set(ids)) == 100
    assert {uuid.UUID(id).version for id in ids} == {7}
    assert {id[:13] for id in ids} == {image_id[:13]}
    assert item_id(IdSource().next(), 0) not in ids


def test_an_id_is_brought_to_its_canonical_form() -> None:
    image_id = IdSource().next()
    assert check_id("image_id", image_id.upper()) == image_id


@pytest.mark.parametrize("value", ["", "x", "01a1fd28-59fa-7859-95d7", "../../etc/passwd", "ü" * 32])
def test_what_is_no_id_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_id("image_id", value)
    assert caught.value.violations[0].field == "image_id"


def test_etags_differ() -> None:
    assert len({new_etag() for _ in range(1000)}) == 1000
