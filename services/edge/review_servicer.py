"""The calls of CatalogService for reviewers: convert, call, convert."""

from __future__ import annotations

from typing import Any, TypeAlias

import grpc

from armoire.v1 import reviews_pb2
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.corrections import correction_to_proto
from services.edge.conversion.items import item_to_proto
from services.edge.conversion.reviews import (
    garment_type_to_proto,
    leased_items_to_proto,
    review_request_from_proto,
    statistics_request_from_proto,
    statistics_to_proto,
    taxonomy_to_proto,
)
from services.edge.web_request import reached_at

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class ReviewServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog

    async def LeaseReviewItems(
        self, request: reviews_pb2.LeaseReviewItemsRequest, context: Context
    ) -> reviews_pb2.LeaseReviewItemsResponse:
        principal, links = current_principal(), self._catalog.links
        urls = links.many(principal, reached_at()) if request.include_picture_urls else None
        leased = await self._catalog.review_queue.lease(principal, review_request_from_proto(request))
        return leased_items_to_proto(leased, urls)

    async def ReleaseReviewItems(
        self, request: reviews_pb2.ReleaseReviewItemsRequest, context: Context
    ) -> reviews_pb2.ReleaseReviewItemsResponse:
        released = await self._catalog.review_queue.release(
            current_principal(), request.reviewer, request.item_ids, skip=request.skip
        )
        return reviews_pb2.ReleaseReviewItemsResponse(released=released)

    async def VerifyItems(
        self, request: reviews_pb2.VerifyItemsRequest, context: Context
    ) -> reviews_pb2.VerifyItemsResponse:
        corrected = await self._catalog.corrections.verify_all(
            current_principal(), [(each.item_id, each.etag) for each in request.items]
        )
        return reviews_pb2.VerifyItemsResponse(
            items=[item_to_proto(each.item) for each in corrected if each.item is not None],
            corrections=[
                correction_to_proto(each.correction) for each in corrected if each.correction is not None
            ],
        )

    async def GetReviewStatistics(
        self, request: reviews_pb2.GetReviewStatisticsRequest, context: Context
    ) -> reviews_pb2.GetReviewStatisticsResponse:
        wanted = statistics_request_from_proto(request)
        return statistics_to_proto(await self._catalog.review_statistics.read(current_principal(), wanted))

    async def GetTaxonomy(
        self, request: reviews_pb2.GetTaxonomyRequest, context: Context
    ) -> reviews_pb2.GetTaxonomyResponse:
        taxonomy = self._catalog.review_queue.taxonomy(current_principal())
        return reviews_pb2.GetTaxonomyResponse(
            taxonomy=taxonomy_to_proto(taxonomy),
            vocabulary_version=taxonomy.version,
            garment_types=map(garment_type_to_proto, taxonomy.garment_types),
        )
