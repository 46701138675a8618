"""The terms of every hit of many searches, as callers get them, sum to its rank score."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import pairwise

import numpy as np

from armoire.v1 import search_pb2
from domain.rank_weights import RankWeights
from domain.types import DEFAULT_PRINCIPAL, FloatArray
from services.catalog.catalog import Catalog
from services.catalog.search.query import EmbeddingQuery, ItemQuery, Query, SearchOptions
from services.edge.conversion.search import search_result_to_proto
from tests.integration.catalog.mixed_queries import QuerySource, Stocked, stocked

SEARCHES, PHOTOS = 1000, 60
ROUNDING = 1e-6
"""Terms and their sum are float32 on the wire."""
TERM_OF = {
    "attributes": "same_attributes",
    "color": "color",
    "shape": "shape",
    "brand": "same_brand",
    "price": "price",
}


async def test_terms_sum_to_the_score_of_every_hit_of_1000_searches(
    catalog: Catalog, record_property: Callable[[str, object], None]
) -> None:
    stock = await stocked(catalog, PHOTOS)
    names, vectors = sorted(stock.items, key=str), vectors_of(stock)
    hits, worst, terms = 0, 0.0, set[str]()
    for seed in range(SEARCHES):
        query, options = QuerySource(seed, names).ask(stock)
        options = weighed(random.Random(seed), options)
        reply = search_result_to_proto(await catalog.search(DEFAULT_PRINCIPAL, query, options))
        for of_query in reply.queries:
            scores = [hit.rank_score for hit in of_query.hits]
            assert all(one >= other - ROUNDING for one, other in pairwise(scores)), seed
            for hit in of_query.hits:
                worst = max(worst, abs(math.fsum(term.value for term in hit.terms) - hit.rank_score))
                check_terms(hit, query, options, vectors)
                terms |= {term.name for term in hit.terms}
                hits += 1
    record_property("hits", hits)
    record_property("largest difference", worst)
    assert hits > 5 * SEARCHES
    assert terms == {"similarity", "same_category", *TERM_OF.values()}
    assert worst <= ROUNDING


def weighed(dice: random.Random, options: SearchOptions) -> SearchOptions:
    """With weights of its own for some terms, with the default ones, or without re-ranking."""
    if dice.random() < 0.2:
        return replace(options, rerank=False, rank_weights=None)
    drawn = {name: dice.random() for name in ("category", *TERM_OF) if dice.random() < 0.5}
    return replace(options, rank_weights=RankWeights(**drawn) if dice.random() < 0.75 else None)


def vectors_of(stock: Stocked) -> dict[str, FloatArray]:
    """(D,) float32 of length one, by item id."""
    return {item.id: item.embedding for item in stock.items.values() if item.embedding is not None}


def check_terms(
    hit: search_pb2.Hit, query: Query, options: SearchOptions, vectors: dict[str, FloatArray]
) -> None:
    """The similarity is the cosine, and a term is between 0 and its weight; there is none without one."""
    terms = {term.name: term.value for term in hit.terms}
    assert len(terms) == len(hit.terms)
    assert terms["similarity"] == hit.score
    if isinstance(query, ItemQuery | EmbeddingQuery):
        vector = vectors[query.item_id] if isinstance(query, ItemQuery) else query.vector
        cosine = float(np.dot(vector, vectors[hit.item.id]) / np.linalg.norm(vector))
        assert math.isclose(hit.score, cosine, abs_tol=1e-5)
    if not options.rerank:
        assert (terms.keys(), terms["same_category"]) == ({"similarity", "same_category"}, 0.0)
    elif options.rank_weights is not None:
        weights = {
            TERM_OF[name]: weight for name, weight in asdict(options.rank_weights).items() if name in TERM_OF
        }
        wanted = {name: weight for name, weight in weights.items() if weight}
        assert terms.keys() == {"similarity", "same_category", *wanted}
        assert all(0.0 <= terms[name] <= weight + ROUNDING for name, weight in wanted.items())
