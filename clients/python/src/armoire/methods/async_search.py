"""The calls that search."""

from __future__ import annotations

from collections.abc import Sequence

from armoire.async_caller import AsyncCaller
from armoire.calls.search import Query, SearchOptions, Where, search
from armoire.photos import Photo, PhotoSource
from armoire.values.search import ExampleSet, RankWeights, SearchResult
from armoire.values.types import Embedding, Priority


class AsyncSearchMethods:
    """The calls that search."""

    _caller: AsyncCaller

    async def search(
        self,
        photo: PhotoSource | Photo | None = None,
        *,
        text: str | None = None,
        item_id: str | None = None,
        product_id: str | None = None,
        embedding: Embedding | None = None,
        examples: ExampleSet | None = None,
        where: Where = (),
        top_k: int = 10,
        page_token: str = "",
        min_score: float | None = None,
        min_detection_score: float | None = None,
        include_crops: bool = False,
        include_crop_urls: bool = False,
        rerank: bool = True,
        group_by_product: bool = False,
        collapse_near_duplicates: bool = False,
        facets: Sequence[str] = (),
        rank_weights: RankWeights | None = None,
        priority: Priority = Priority.INTERACTIVE,
        model_version: str | None = None,
        timeout_s: float | None = None,
    ) -> SearchResult:
        """Finds items that look like a photo, a text, an item, a product, an embedding or examples: give
        exactly one.

        Args:
            where: a text such as "category=dress,price<50", a `Filter`, or conditions that must all hold.
            top_k: the most hits for each query and page; a page may hold fewer, also before the last.
            page_token: `next_page_token` of the result before; it is empty on the last page.
            min_score: leave out hits with a lower cosine similarity.
            min_detection_score: search for the garments of the photo that the detector is sure of to this
            score.
            include_crops, include_crop_urls: return each hit's crop as a JPEG, or a URL of it.
            rerank: favour hits of the query's category; without it the order is by similarity alone.
            group_by_product, facets: at most one hit of each product; fields to count the values of.
            collapse_near_duplicates: leave out hits whose photo looks the same as that of a better one.
            rank_weights: how hits are re-ranked, instead of by their category alone.
        """
        options = SearchOptions(
            where=where,
            top_k=top_k,
            page_token=page_token,
            min_score=min_score,
            min_detection_score=min_detection_score,
            include_crops=include_crops,
            include_crop_urls=include_crop_urls,
            rerank=rerank,
            group_by_product=group_by_product,
            collapse_near_duplicates=collapse_near_duplicates,
            facets=facets,
            rank_weights=rank_weights,
            priority=priority,
            model_version=model_version,
        )
        query = Query(photo, text, item_id, product_id, embedding, examples)
        return await self._caller.run(search(query, options), timeout_s)
