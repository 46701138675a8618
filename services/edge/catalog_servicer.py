"""CatalogService: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import grpc

from armoire.v1 import catalog_pb2, catalog_pb2_grpc
from services.catalog.catalog import Catalog
from services.edge.catalog_conversion import (
    catalog_item_to_proto,
    draft_from_proto,
    index_request_from_proto,
    job_to_proto,
    limits_to_proto,
    product_to_proto,
    query_from_proto,
    search_options_from_proto,
    search_result_to_proto,
    states_from_proto,
)
from services.edge.interceptors import current_principal

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""Unused; None where HTTP calls."""


class CatalogServicer(catalog_pb2_grpc.CatalogServiceServicer):
    """Every call acts for the caller's tenant."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def CreateProduct(
        self, request: catalog_pb2.CreateProductRequest, context: Context
    ) -> catalog_pb2.CreateProductResponse:
        draft = draft_from_proto(request.product)
        product = await self._catalog.create_product(current_principal(), draft, request.idempotency_key)
        return catalog_pb2.CreateProductResponse(product=product_to_proto(product))

    async def GetProduct(
        self, request: catalog_pb2.GetProductRequest, context: Context
    ) -> catalog_pb2.GetProductResponse:
        product = await self._catalog.get_product(current_principal(), request.product_id)
        return catalog_pb2.GetProductResponse(product=product_to_proto(product))

    async def ListProducts(
        self, request: catalog_pb2.ListProductsRequest, context: Context
    ) -> catalog_pb2.ListProductsResponse:
        page = await self._catalog.list_products(current_principal(), request.page_size, request.page_token)
        return catalog_pb2.ListProductsResponse(
            products=[product_to_proto(product) for product in page.entries], next_page_token=page.next_token
        )

    async def UpdateProduct(
        self, request: catalog_pb2.UpdateProductRequest, context: Context
    ) -> catalog_pb2.UpdateProductResponse:
        given = request.product
        product = await self._catalog.update_product(
            current_principal(), given.id, draft_from_proto(given), request.update_mask.paths, given.etag
        )
        return catalog_pb2.UpdateProductResponse(product=product_to_proto(product))

    async def DeleteProduct(
        self, request: catalog_pb2.DeleteProductRequest, context: Context
    ) -> catalog_pb2.DeleteProductResponse:
        await self._catalog.delete_product(current_principal(), request.product_id, request.etag)
        return catalog_pb2.DeleteProductResponse()

    async def IndexImage(
        self, request: catalog_pb2.IndexImageRequest, context: Context
    ) -> catalog_pb2.IndexImageResponse:
        job = await self._catalog.index_image(current_principal(), index_request_from_proto(request))
        return catalog_pb2.IndexImageResponse(job=job_to_proto(job))

    async def GetJob(
        self, request: catalog_pb2.GetJobRequest, context: Context
    ) -> catalog_pb2.GetJobResponse:
        job = await self._catalog.get_job(current_principal(), request.job_id)
        return catalog_pb2.GetJobResponse(job=job_to_proto(job))

    async def ListJobs(
        self, request: catalog_pb2.ListJobsRequest, context: Context
    ) -> catalog_pb2.ListJobsResponse:
        states = states_from_proto(list(request.states))
        page = await self._catalog.list_jobs(
            current_principal(), request.page_size, request.page_token, states
        )
        return catalog_pb2.ListJobsResponse(
            jobs=[job_to_proto(job) for job in page.entries], next_page_token=page.next_token
        )

    async def WatchJob(
        self, request: catalog_pb2.WatchJobRequest, context: Context
    ) -> AsyncIterator[catalog_pb2.WatchJobResponse]:
        async for job in self._catalog.watch_job(current_principal(), request.job_id):
            yield catalog_pb2.WatchJobResponse(job=job_to_proto(job))

    async def GetItem(
        self, request: catalog_pb2.GetItemRequest, context: Context
    ) -> catalog_pb2.GetItemResponse:
        item = await self._catalog.get_item(
            current_principal(),
            request.item_id,
            include_embedding=request.include_embedding,
            include_crop=request.include_crop,
        )
        return catalog_pb2.GetItemResponse(item=catalog_item_to_proto(item))

    async def ListItems(
        self, request: catalog_pb2.ListItemsRequest, context: Context
    ) -> catalog_pb2.ListItemsResponse:
        page = await self._catalog.list_items(
            current_principal(),
            request.page_size,
            request.page_token,
            product_id=request.product_id,
            image_id=request.image_id,
        )
        return catalog_pb2.ListItemsResponse(
            items=[catalog_item_to_proto(item) for item in page.entries], next_page_token=page.next_token
        )

    async def DeleteImage(
        self, request: catalog_pb2.DeleteImageRequest, context: Context
    ) -> catalog_pb2.DeleteImageResponse:
        await self._catalog.delete_image(current_principal(), request.image_id)
        return catalog_pb2.DeleteImageResponse()

    async def Search(
        self, request: catalog_pb2.SearchRequest, context: Context
    ) -> catalog_pb2.SearchResponse:
        query, options = query_from_proto(request), search_options_from_proto(request)
        result = await self._catalog.search(current_principal(), query, options)
        return search_result_to_proto(result)

    async def GetCatalogLimits(
        self, request: catalog_pb2.GetCatalogLimitsRequest, context: Context
    ) -> catalog_pb2.GetCatalogLimitsResponse:
        catalog, width = self._catalog, await self._catalog.embedding_width()
        return limits_to_proto(catalog.limits, catalog.decode_limits, width, sorted(catalog.filter_fields))
