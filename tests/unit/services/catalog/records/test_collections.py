from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy.orm import Session

from domain.errors import ArmoireError, FailedPrecondition, InvalidInput, NotFound
from domain.types import ModelVersion
from services.catalog.records.collections import (
    CURRENT,
    NEXT,
    PREVIOUS,
    begin_collection,
    drop_collection,
    forget_collection,
    is_retired,
    point_alias,
    read_aliases,
    read_collection,
    read_collections,
    read_retired,
    register_collection,
    retire_collection,
    retire_others,
    swap_collections,
)
from services.catalog.vectors.collection import Collection, collection_name
from services.sql.database import Database

VERSION = ModelVersion("clip-1", "square-1")
COLLECTION = Collection("items_a", VERSION, 3)


def test_a_name_differs_with_version_width_and_columns_and_suits_the_store() -> None:
    names = {
        collection_name(version, width, columns)
        for version in (VERSION, ModelVersion("clip-1", "square-2"), ModelVersion("clip/1 ü", "square-1"))
        for width in (3, 4)
        for columns in (("a", "b"), ("a", "c"))
    }
    assert len(names) == 12
    assert all(name.isascii() and name.isidentifier() for name in names)
    assert collection_name(ModelVersion("x" * 200, "y"), 3, ()).isidentifier()


def test_vectors_of_another_version_are_refused_by_name() -> None:
    COLLECTION.check_version(VERSION)
    with pytest.raises(FailedPrecondition) as caught:
        COLLECTION.check_version(ModelVersion("clip-1", "square-2"))
    assert caught.value.metadata == {"given": "clip-1/square-2", "expected": "clip-1/square-1"}


def test_a_vector_comes_back_at_length_one() -> None:
    vector = COLLECTION.check_vector("v", np.array([3e30, 0, 4e30], np.float32))
    assert vector == pytest.approx([0.6, 0, 0.8])
    assert vector.dtype == np.float32


@pytest.mark.parametrize(
    ("values", "problem"),
    [([1, 0], "must hold 3 numbers, got 2"), ([1, 0, np.nan], "finite"), ([0, 0, 0], "zeros")],
)
def test_an_unusable_vector_is_refused(values: list[float], problem: str) -> None:
    vector = np.array(values, np.float32)
    with pytest.raises(InvalidInput, match=problem):
        COLLECTION.check_vector("v", vector)
    with pytest.raises(ArmoireError, match=problem) as caught:
        COLLECTION.check_own_vector(vector)
    assert (type(caught.value), caught.value.reason) == (ArmoireError, "UNUSABLE_EMBEDDING")


OTHER = Collection("items_b", ModelVersion("clip-2", "square-1"), 4)
THIRD = Collection("items_c", ModelVersion("clip-3", "square-1"), 4)


@pytest.fixture
async def three(database: Database) -> Database:
    """A database with three collections, of which the first is searched."""

    def fill(session: Session) -> None:
        for collection in (COLLECTION, OTHER, THIRD, OTHER):
            register_collection(session, collection, 1)
        point_alias(session, CURRENT, COLLECTION)

    await database.write(fill)
    return database


async def test_only_a_collection_without_an_alias_is_retired(three: Database) -> None:
    def retire(session: Session) -> None:
        begin_collection(session, OTHER)
        for each in (COLLECTION, OTHER, THIRD):
            retire_collection(session, each.name, 5)

    await three.write(retire)
    assert await three.read(lambda session: read_collection(session, COLLECTION.name)) == COLLECTION
    assert await three.read(lambda session: read_collection(session, OTHER.name)) == OTHER
    assert await three.read(lambda session: read_collection(session, THIRD.name)) is None
    assert await three.read(read_collections) == [COLLECTION, OTHER]


async def test_a_retired_collection_is_known_until_it_is_forgotten(three: Database) -> None:
    await three.write(lambda session: retire_others(session, [OTHER.name], 5))
    assert await three.read(lambda session: read_retired(session, 5)) == []
    assert await three.read(lambda session: read_retired(session, 6)) == [THIRD]
    await three.write(lambda session: retire_others(session, [OTHER.name], 7))
    assert await three.read(lambda session: read_retired(session, 6)) == [THIRD], "since it was retired first"
    for name in (OTHER.name, THIRD.name):
        await three.write(lambda session, name=name: forget_collection(session, name))  # type: ignore[misc]
    assert await three.read(lambda session: is_retired(session, THIRD.name)) is False
    assert await three.read(read_collections) == [COLLECTION, OTHER]


async def test_a_retired_collection_is_used_again(three: Database) -> None:
    for use in (register_collection, begin_collection):
        await three.write(lambda session: retire_collection(session, OTHER.name, 5))
        arguments = (OTHER, 6) if use is register_collection else (OTHER,)
        await three.write(lambda session, use=use, given=arguments: use(session, *given))  # type: ignore[misc]
        assert await three.read(lambda session: read_collection(session, OTHER.name)) == OTHER


async def test_a_swap_exchanges_the_collections_and_another_one_leads_back(three: Database) -> None:
    await three.write(lambda session: begin_collection(session, OTHER))
    assert await three.read(read_aliases) == {CURRENT: COLLECTION, NEXT: OTHER}
    for before, after in ((COLLECTION, OTHER), (OTHER, COLLECTION)):
        swapped = await three.write(lambda session, a=after: swap_collections(session, a.name))  # type: ignore[misc]
        assert swapped == before
        again = await three.write(lambda session, a=after: swap_collections(session, a.name))  # type: ignore[misc]
        assert again is None, "a call that is repeated changes nothing"
        beside = PREVIOUS if after == OTHER else NEXT
        assert await three.read(read_aliases) == {CURRENT: after, beside: before}
    with pytest.raises(NotFound):
        await three.write(lambda session: swap_collections(session, THIRD.name))


async def test_one_collection_at_a_time_is_filled(three: Database) -> None:
    for _ in range(2):
        await three.write(lambda session: begin_collection(session, OTHER))
    for collection, reason in ((COLLECTION, "COLLECTION_LIVE"), (THIRD, "COLLECTION_EXISTS")):
        with pytest.raises(FailedPrecondition) as caught:
            await three.write(lambda session, c=collection: begin_collection(session, c))  # type: ignore[misc]
        assert caught.value.reason == reason


async def test_the_collection_that_is_searched_is_not_dropped(three: Database) -> None:
    await three.write(lambda session: begin_collection(session, OTHER))
    with pytest.raises(FailedPrecondition, match="is the one that is searched"):
        await three.write(lambda session: drop_collection(session, COLLECTION.name, 5))
    with pytest.raises(NotFound):
        await three.write(lambda session: drop_collection(session, THIRD.name, 5))
    assert await three.write(lambda session: drop_collection(session, OTHER.name, 5)) == OTHER
    assert await three.read(read_aliases) == {CURRENT: COLLECTION}
    assert await three.read(lambda session: read_collection(session, OTHER.name)) is None
