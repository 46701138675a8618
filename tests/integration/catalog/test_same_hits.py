"""The same photos in files and on servers: the same queries find the same, ties aside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.types import DEFAULT_PRINCIPAL
from services.catalog.catalog import Catalog
from services.catalog.options import CatalogOptions
from services.catalog.search.query import Query, SearchOptions
from services.catalog.search.result import SearchResult
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer
from tests.integration.catalog.mixed_queries import Name, QuerySource, Stocked, stocked

QUERIES = 100
TIE = 1e-4
"""Two scores that differ by less may be in either order; the stores round them differently."""


@pytest.fixture
async def pair(options: CatalogOptions, tmp_path: Path) -> AsyncIterator[tuple[Stocked, Stocked]]:
    """Equal catalogues: in files, and on servers."""
    files = replace(
        options,
        database_url=f"sqlite:///{tmp_path / 'catalog.db'}",
        blob_url=str(tmp_path / "blobs"),
        milvus_uri=str(tmp_path / "milvus.db"),
    )
    async with AsyncExitStack() as running:
        catalogs = [Catalog(each, FakeAnalyzer(), TAXONOMY) for each in (files, options)]
        for catalog in catalogs:
            await catalog.start()
            running.push_async_callback(catalog.stop)
            await catalog.wait_until_ready()
        first, second = await asyncio.gather(*map(stocked, catalogs))
        yield first, second


class Ranked(NamedTuple):
    """A hit, by what it is called in all catalogues."""

    name: Name
    score: float
    terms: dict[str, float]


async def pages(
    stock: Stocked, query: Query, options: SearchOptions
) -> tuple[SearchResult, list[list[Ranked]]]:
    """The first page, and the hits of each query on the first two."""
    first = await stock.catalog.search(DEFAULT_PRINCIPAL, query, options)
    results = [first]
    if first.next_page_token:
        following = replace(options, page_token=first.next_page_token)
        results.append(await stock.catalog.search(DEFAULT_PRINCIPAL, query, following))
    hits = [
        [hit for result in results for hit in result.queries[at].hits] for at in range(len(first.queries))
    ]
    return first, [
        [
            Ranked(
                (hit.item.image_name, hit.item.box),
                hit.rank_score,
                {term.name: term.value for term in hit.terms},
            )
            for hit in of_query
        ]
        for of_query in hits
    ]


def check_equal(one: Sequence[Ranked], other: Sequence[Ranked]) -> None:
    """The same hits with the same terms in the same order; those whose scores are a tie in any."""
    assert len(one) == len(other)
    by_name = {hit.name: hit for hit in other}
    for mine, theirs in zip(one, other, strict=True):
        assert mine.score == pytest.approx(theirs.score, abs=TIE)
        twin = by_name.get(mine.name)
        assert mine.name == theirs.name or abs(mine.score - theirs.score) < TIE
        if twin is not None:
            assert mine.terms == pytest.approx(twin.terms, abs=TIE)
        else:  # another one with the score of the last took its place
            assert mine.score == pytest.approx(other[-1].score, abs=TIE)


async def test_100_queries_find_the_same_in_files_and_on_servers(pair: tuple[Stocked, Stocked]) -> None:
    files, servers = pair
    assert files.items.keys() == servers.items.keys()
    found = 0
    for seed in range(QUERIES):
        source = QuerySource(seed, sorted(files.items, key=str))
        (first, one), (second, other) = [await pages(stock, *source.ask(stock)) for stock in pair]
        assert [facet.field for facet in first.facets] == [facet.field for facet in second.facets]
        assert first.facets == second.facets
        assert bool(first.next_page_token) == bool(second.next_page_token)
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            check_equal(mine, theirs)
            found += len(mine)
    assert found > QUERIES
