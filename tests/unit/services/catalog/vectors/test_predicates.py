from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

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
from tests.unit.services.catalog.vectors.any_predicate import predicates
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, SHELF, WIDTH, random_rows


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
