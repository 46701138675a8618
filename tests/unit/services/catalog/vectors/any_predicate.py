"""Predicates of all kinds on the rows of `vector_rows`."""

from __future__ import annotations

from hypothesis import strategies as st

from services.catalog.vectors.predicates import (
    AllOf,
    AnyOf,
    BoolIn,
    Comparison,
    NoneOf,
    NotItem,
    Predicate,
    TextIn,
    TokenIn,
)
from tests.unit.services.catalog.vectors.vector_rows import WORDS

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
