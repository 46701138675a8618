from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.types import Box, ModelVersion
from services.catalog.search.page_token import (
    PageToken,
    page_offsets,
    read_page_token,
    request_fingerprint,
)
from services.catalog.search.query import (
    EmbeddingQuery,
    Example,
    ExamplesQuery,
    ImageQuery,
    ItemQuery,
    ProductQuery,
    Query,
    SearchOptions,
    TextQuery,
)

VERSION = ModelVersion("m", "p")


@given(st.lists(st.integers(0, 1000), max_size=8))
def test_offsets_come_back(offsets: list[int]) -> None:
    token = PageToken("mark", "items", tuple(offsets))
    assert read_page_token(token.encode(), "mark", 1000) == token
    assert page_offsets(token, "items", len(offsets)) == tuple(offsets)


def test_no_token_is_the_first_page() -> None:
    assert read_page_token("", "mark", 1000) is None
    assert page_offsets(None, "items", 3) == (0, 0, 0)


@pytest.mark.parametrize(("collection", "query_count"), [("others", 2), ("items", 1), ("items", 3)])
def test_a_token_of_another_model_is_refused(collection: str, query_count: int) -> None:
    with pytest.raises(InvalidInput, match="page_token: was issued for another model"):
        page_offsets(PageToken("mark", "items", (1, 2)), collection, query_count)


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "é",
        encoded(None),
        encoded({}),
        encoded([]),
        encoded(["mark"]),
        encoded(["other", "items", 1, 2]),
        encoded(["mark", "items", 1, -2]),
        encoded(["mark", "items", 1, 1001]),
        encoded(["mark", "items", 1, True]),
        encoded(["mark", "items", 1, 2.0]),
        encoded(["mark", "items", 1, "2"]),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_a_token_of_another_kind_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_page_token(token, "mark", 1000)
    assert caught.value.violations[0].field == "page_token"


def test_searches_that_differ_have_other_fingerprints() -> None:
    first, second = np.eye(2, dtype=np.float32)
    queries: list[Query] = [
        TextQuery("a"),
        TextQuery("b"),
        ItemQuery("a"),
        ProductQuery("a"),
        ExamplesQuery((Example(TextQuery("a")),)),
        ExamplesQuery((Example(TextQuery("a"), 0.5),)),
        ExamplesQuery((Example(TextQuery("a")),), (Example(ItemQuery("a")),)),
        ImageQuery(b"a"),
        ImageQuery(b"b"),
        ImageQuery(b"a", (Box(0, 0, 1, 1),)),
        EmbeddingQuery(first, VERSION),
        EmbeddingQuery(second, VERSION),
        EmbeddingQuery(first, replace(VERSION, preprocess_version="q")),
    ]
    marks = {request_fingerprint("t", query, SearchOptions()) for query in queries}
    marks |= {request_fingerprint("u", TextQuery("a"), SearchOptions())}
    assert len(marks) == len(queries) + 1
