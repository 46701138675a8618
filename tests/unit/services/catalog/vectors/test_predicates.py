from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.predicates import (
    EVERY_ROW,
    AllOf,
    AnyOf,
    BoolIn,
    Comparison,
    NoneOf,
    NotItem,
    Predicate,
    TextIn,
    TokenIn,
    milvus_expression,
)
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, SHELF, WIDTH, WORDS, random_rows

texts = st.lists(st.sampled_from([*WORDS, "never"]), min_size=1, max_size=3).map(tuple)
leaves: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(TextIn, st.sampled_from([("first",), ("first", "second")]), texts),
    st.builds(TextIn, st.just(("tenant_id",)), st.sampled_from([("t0",), ("t1",), ("none",)])),
    st.builds(TokenIn, st.just("tags"), texts.map(lambda words: tuple(f"a={word}" for word in words))),
    st.builds(BoolIn, st.just("sale"), st.sampled_from([(True,), (False,), (True, False)])),
    st.builds(Comparison, st.just("price"), st.sampled_from([">=", ">", "<=", "<"]), st.floats(-1, 6)),
    st.builds(NotItem, st.sampled_from(["r3", "r4", "none"])),
)


def groups(parts: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(AllOf, several), st.builds(AnyOf, several), st.builds(NoneOf, several))


predicates = st.recursive(leaves, groups, max_leaves=8)


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Milvus Lite itself with sixty rows."""
    index = MilvusIndex(str(tmp_path_factory.mktemp("lite") / "milvus.db"), COLUMNS)
    index.open()
    index.upsert(SHELF, random_rows(60))
    yield index._client
    index.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(predicates)
def test_the_flat_rows_and_milvus_agree_on_every_predicate(lite: Any, predicate: Predicate) -> None:
    flat = FlatRows(WIDTH, COLUMNS)
    flat.upsert(random_rows(60))
    (hits,) = flat.search([np.ones(WIDTH, np.float32)], predicate, 100)
    found = lite.query(SHELF.name, filter=milvus_expression(predicate), output_fields=["id"])
    assert {hit.item_id for hit in hits} == {entity["id"] for entity in found}
    assert len(hits) == len(found)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (EVERY_ROW, 'id != ""'),
        (AnyOf(()), 'id == ""'),
        (NoneOf(()), 'not (id == "")'),
        (TextIn(("a", "b"), ("x", 'y"z\\')), 'a in ["x", "y\\"z\\\\"] or b in ["x", "y\\"z\\\\"]'),
        (TokenIn("tags", ("a=x", 'b="')), 'array_contains_any(tags, ["a=x", "b=\\""])'),
        (BoolIn("sale", (True, False)), "sale in [true, false]"),
        (
            AllOf((Comparison("price", ">=", 1.0), Comparison("price", "<", 1e30))),
            "(price >= 1.0) and (price < 1e+30)",
        ),
        (
            NoneOf((NotItem("i"), AnyOf((BoolIn("sale", (True,)),)))),
            'not ((id != "i") or ((sale in [true])))',
        ),
    ],
)
def test_a_predicate_becomes_its_expression(predicate: Predicate, expected: str) -> None:
    assert milvus_expression(predicate) == expected
