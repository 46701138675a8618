from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select

from domain.errors import ArmoireError, FailedPrecondition, InvalidInput
from domain.types import ModelVersion
from services.catalog.records.collections import (
    CURRENT,
    forget_collection,
    read_collection,
    register_collection,
)
from services.catalog.sql.tables import CollectionRow
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


async def test_only_a_collection_that_is_not_searched_is_forgotten(database: Database) -> None:
    other = Collection("items_b", ModelVersion("clip-2", "square-1"), 4)
    for collection in (COLLECTION, other):
        await database.write(lambda session, c=collection: register_collection(session, c, 1))  # type: ignore[misc]
    for name in (COLLECTION.name, other.name):
        await database.write(lambda session, n=name: forget_collection(session, n))  # type: ignore[misc]
    assert await database.read(lambda session: read_collection(session, COLLECTION.name)) is None
    assert await database.read(lambda session: read_collection(session, other.name)) == other


async def test_the_alias_follows_the_last_registered(database: Database) -> None:
    other = Collection("items_b", ModelVersion("clip-2", "square-1"), 4)
    for collection in (COLLECTION, other, COLLECTION, other):
        await database.write(lambda session, c=collection: register_collection(session, c, 1))  # type: ignore[misc]
    rows = await database.read(lambda session: session.scalars(select(CollectionRow)).all())
    assert {row.name: row.alias for row in rows} == {"items_a": None, "items_b": CURRENT}
    assert await database.read(lambda session: read_collection(session, "items_a")) == COLLECTION
    assert await database.read(lambda session: read_collection(session, "none")) is None
