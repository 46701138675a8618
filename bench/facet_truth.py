"""Facets of a running server beside counts that SQL makes of its database in another way."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from armoire import AsyncClient

FIELDS = {
    "brand": "product.brand",
    "category": "json_extract(prediction.attributes, '$.category.values[0][0]')",
    "pattern": "json_extract(prediction.attributes, '$.pattern.values[0][0]')",
}
"""What is counted, in SQL."""
FILTERS = {"": "1", "price<50": "price_units < 50", "price<1": "price_units < 1"}
"""Filters of a search with their conditions in SQL. Prices end in .99."""
ROUNDS, MAX_VALUES = 5, 100
_COUNTS = """
SELECT {value} AS value, count(*) FROM item
JOIN prediction ON prediction.tenant_id = item.tenant_id AND prediction.item_id = item.id
JOIN image ON image.tenant_id = item.tenant_id AND image.id = item.image_id
JOIN product ON product.tenant_id = image.tenant_id AND product.id = image.product_id
WHERE item.delete_us IS NULL AND {condition} GROUP BY value
"""


@dataclass(frozen=True, slots=True)
class FacetCheck:
    """One filter: the items that pass it, whether all counts are SQL's, and the milliseconds of searches."""

    items: int
    where: str
    passing: int
    equal: bool
    latencies_ms: Sequence[float]


async def check_facets(client: AsyncClient, database: Path, items: int) -> list[FacetCheck]:
    """Compare the counts of `FIELDS` for each of `FILTERS`."""
    return [await _check(client, database, items, where) for where in FILTERS]


async def _check(client: AsyncClient, database: Path, items: int, where: str) -> FacetCheck:
    wanted = {field: _counts(database, value, FILTERS[where]) for field, value in FIELDS.items()}
    equal, latencies_ms = True, list[float]()
    for _ in range(ROUNDS):
        started_s = time.monotonic()
        found = await client.search(text="dress", where=where, facets=[*FIELDS], top_k=1)
        latencies_ms.append((time.monotonic() - started_s) * 1e3)
        for facet in found.facets:
            told = {value.value: value.count for value in facet.values}
            equal &= _most_frequent(told) == _most_frequent(wanted[facet.field])
            equal &= all(wanted[facet.field].get(value) == count for value, count in told.items())
    return FacetCheck(items, where, sum(wanted["category"].values()), equal, latencies_ms)


def _counts(database: Path, value: str, condition: str) -> Mapping[str, int]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return dict(connection.execute(_COUNTS.format(value=value, condition=condition)))


def _most_frequent(counts: Mapping[str, int]) -> list[int]:
    """The counts that a facet has: of values that are equally frequent, any may be left out."""
    return sorted(counts.values(), reverse=True)[:MAX_VALUES]
