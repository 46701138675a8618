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
from services.catalog.search.page_token import read_page_token, request_fingerprint, write_page_token
from services.catalog.search.query import (
    EmbeddingQuery,
    ImageQuery,
    ItemQuery,
    Query,
    SearchOptions,
    TextQuery,
)

VERSION = ModelVersion("m", "p")


@given(st.lists(st.integers(0, 1000), max_size=8))
def test_offsets_come_back(offsets: list[int]) -> None:
    token = write_page_token("mark", offsets)
    assert read_page_token(token, "mark", len(offsets), 1000) == tuple(offsets)


def test_no_token_is_the_first_page() -> None:
    assert read_page_token("", "mark", 3, 1000) == (0, 0, 0)


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
        encoded(["mark", 1]),
        encoded(["mark", 1, 2, 3]),
        encoded(["other", 1, 2]),
        encoded(["mark", 1, -2]),
        encoded(["mark", 1, 1001]),
        encoded(["mark", 1, True]),
        encoded(["mark", 1, 2.0]),
        encoded(["mark", 1, "2"]),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_a_token_of_another_kind_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_page_token(token, "mark", 2, 1000)
    assert caught.value.violations[0].field == "page_token"


def test_searches_that_differ_have_other_fingerprints() -> None:
    first, second = np.eye(2, dtype=np.float32)
    queries: list[Query] = [
        TextQuery("a"),
        TextQuery("b"),
        ItemQuery("a"),
        ImageQuery(b"a"),
        ImageQuery(b"b"),
        ImageQuery(b"a", (Box(0, 0, 1, 1),)),
        EmbeddingQuery(first, VERSION),
        EmbeddingQuery(second, VERSION),
        EmbeddingQuery(first, replace(VERSION, preprocess_version="q")),
    ]
    marks = {request_fingerprint("t", query, SearchOptions(), "c") for query in queries}
    marks |= {request_fingerprint("u", TextQuery("a"), SearchOptions(), "c")}
    marks |= {request_fingerprint("t", TextQuery("a"), SearchOptions(), "d")}
    assert len(marks) == len(queries) + 2
