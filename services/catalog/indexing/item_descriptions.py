"""What another embedder says of items that are there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from domain.errors import ArmoireError
from domain.taxonomy import TaxonomyOf
from domain.types import AnalyzedItem, Box, FloatArray, ImageAnalysis, ItemVersions
from services.catalog.collection_analyzer import CollectionAnalyzer
from services.catalog.records.found_items import FoundItem
from services.catalog.vectors.collection import Collection

DescribedItems: TypeAlias = tuple[Sequence[FoundItem], ItemVersions]
"""Items with embedding, attributes and categories of the embedder of these versions."""

_SAME = 0.95
"""Intersection over union from which a box is one that was found before."""


class ItemDescriptions:
    """Describes the items of a photo with the embedder of another collection; their boxes stay.

    The photo is analyzed as it was when it was indexed, so that every item is cropped with its margin. An
    item whose box is not found again, because another detector answers now, is cropped to its stored box.
    """

    def __init__(self, analyzer: CollectionAnalyzer, taxonomy_of: TaxonomyOf) -> None:
        self._analyzer = analyzer
        self._taxonomy_of = taxonomy_of

    async def of(
        self,
        tenant_id: str,
        collection: Collection,
        content: bytes,
        boxes: Sequence[Box],
        items: Sequence[FoundItem],
    ) -> DescribedItems:
        """The items as the embedder of `collection` describes them, in the tenant's words.

        `boxes` are those the photo came with.

        Items that its quality filter refuses are left out.

        Raises:
            EmbedderNotLoaded: that embedder is not loaded.
            InvalidInput: the photo cannot be read.
            Overloaded, Unavailable: later.
        """
        analyze = partial(self._analyzer.analyze, bulk=True, taxonomy=self._taxonomy_of(tenant_id))
        analysis = await analyze(collection, content, boxes)
        described = _matched(collection, items, analysis)
        missing = [entry for entry in items if entry.id not in {found.id for found in described}]
        if missing:
            stored = [entry.analyzed.box for entry in missing]
            again = await analyze(collection, content, stored)
            described += [
                _described(collection, entry, item)
                for entry, item in zip(missing, again.items, strict=True)
                if item.accepted
            ]
        return described, analysis.versions


def embedding_of(item: AnalyzedItem) -> FloatArray:
    """The embedding of an accepted item, (D,) float32."""
    if item.embedding is None:
        raise ArmoireError("the analyzer returned an accepted item without its embedding")
    return item.embedding


def _matched(collection: Collection, items: Sequence[FoundItem], analysis: ImageAnalysis) -> list[FoundItem]:
    """The items whose boxes the analysis has, too."""
    free = [item for item in analysis.items if item.accepted]
    described: list[FoundItem] = []
    for entry in items:
        best = max(free, key=lambda item: entry.analyzed.box.iou(item.box), default=None)
        if best is not None and entry.analyzed.box.iou(best.box) >= _SAME:
            free = [item for item in free if item is not best]
            described.append(_described(collection, entry, best))
    return described


def _described(collection: Collection, entry: FoundItem, found: AnalyzedItem) -> FoundItem:
    """The item with what depends on the embedder or the classifier."""
    analyzed = replace(
        entry.analyzed,
        embedding=collection.check_own_vector(embedding_of(found)),
        attributes=found.attributes,
        categories=found.categories,
        garment_score=found.garment_score,
    )
    return replace(entry, analyzed=analyzed)
