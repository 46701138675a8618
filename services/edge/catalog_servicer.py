"""CatalogService: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, TypeAlias

import grpc

from armoire.v1 import (
    catalog_pb2,
    catalog_pb2_grpc,
    images_pb2,
    indexing_pb2,
    items_pb2,
    products_pb2,
    search_pb2,
    uploads_pb2,
)
from domain.errors import InvalidInput, PermissionDenied
from domain.types import Principal
from services.catalog.catalog import Catalog
from services.catalog.records.image_changes import ImageChanges
from services.catalog.records.operations import OperationKind
from services.catalog.records.products import ProductKey
from services.catalog.resources.links import Link, PictureUrls
from services.edge.bulk_streams import BulkStreams, check_new_id, wait_for_room
from services.edge.calls import current_principal
from services.edge.conversion.collections import (
    collection_to_proto,
    reindex_scope_from_proto,
    versions_in_use_to_proto,
)
from services.edge.conversion.images import image_content_to_proto, image_to_proto, link_to_proto
from services.edge.conversion.indexing import (
    index_request_from_proto,
    job_count_to_proto,
    job_filter_from_proto,
    job_to_proto,
    nested_job_filter_from_proto,
)
from services.edge.conversion.items import item_to_proto
from services.edge.conversion.limits import limits_to_proto
from services.edge.conversion.operations import operation_to_proto
from services.edge.conversion.products import draft_from_proto, product_key_from_proto, product_to_proto
from services.edge.conversion.search import (
    query_from_proto,
    search_options_from_proto,
    search_result_to_proto,
)
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import time_to_proto
from services.edge.conversion.uploads import upload_target_to_proto
from services.edge.conversion.where import filter_from_text
from services.edge.correction_servicer import CorrectionServicer
from services.edge.duplicate_servicer import DuplicateServicer
from services.edge.export_servicer import ExportServicer
from services.edge.failure_log import FailureLog
from services.edge.import_servicer import ImportServicer
from services.edge.review_servicer import ReviewServicer
from services.edge.uploaded_images import UploadedImages
from services.edge.web_request import reached_at
from services.edge.webhook_servicer import WebhookServicer

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class CatalogServicer(
    CorrectionServicer,
    DuplicateServicer,
    ExportServicer,
    ImportServicer,
    ReviewServicer,
    WebhookServicer,
    catalog_pb2_grpc.CatalogServiceServicer,
):
    """Every call acts for the caller's tenant."""

    def __init__(self, catalog: Catalog, bulk: BulkStreams | None = None) -> None:
        self._catalog = catalog
        self._bulk = bulk or BulkStreams()
        self._uploads = UploadedImages(catalog.uploads.read, catalog.limits.max_message_bytes)
        self._failures = FailureLog()

    async def CreateProduct(
        self, request: products_pb2.CreateProductRequest, context: Context
    ) -> products_pb2.CreateProductResponse:
        draft = draft_from_proto(request.product)
        product = await self._catalog.products.create(current_principal(), draft, request.idempotency_key)
        return products_pb2.CreateProductResponse(product=product_to_proto(product))

    async def GetProduct(
        self, request: products_pb2.GetProductRequest, context: Context
    ) -> products_pb2.GetProductResponse:
        key = ProductKey(request.product_id, request.external_id)
        product = await self._catalog.products.get(current_principal(), key)
        return products_pb2.GetProductResponse(product=product_to_proto(product))

    async def ListProducts(
        self, request: products_pb2.ListProductsRequest, context: Context
    ) -> products_pb2.ListProductsResponse:
        page = await self._catalog.products.list(
            current_principal(),
            request.page_size,
            request.page_token,
            text=request.text,
            order_by=request.order_by,
            show_deleted=request.show_deleted,
            only_deleted=request.only_deleted,
            filter=filter_from_text(request.where, self._catalog.limits),
        )
        urls = self._urls(request.include_primary_crop_urls)
        return products_pb2.ListProductsResponse(
            products=[
                product_to_proto(product, "" if urls is None else urls.crop(product.primary_item_id))
                for product in page.entries
            ],
            next_page_token=page.next_token,
            crop_url_expire_time=None if urls is None else time_to_proto(urls.expire_time),
        )

    async def UpdateProduct(
        self, request: products_pb2.UpdateProductRequest, context: Context
    ) -> products_pb2.UpdateProductResponse:
        product, created = await self._catalog.products.update(
            current_principal(),
            product_key_from_proto(request.product),
            draft_from_proto(request.product),
            request.update_mask.paths,
            request.product.etag,
            allow_missing=request.allow_missing,
        )
        return products_pb2.UpdateProductResponse(product=product_to_proto(product), created=created)

    async def DeleteProduct(
        self, request: products_pb2.DeleteProductRequest, context: Context
    ) -> products_pb2.DeleteProductResponse:
        await self._catalog.products.delete(current_principal(), request.product_id, request.etag)
        return products_pb2.DeleteProductResponse()

    async def RestoreProduct(
        self, request: products_pb2.RestoreProductRequest, context: Context
    ) -> products_pb2.RestoreProductResponse:
        restored = await self._catalog.products.restore(current_principal(), request.product_id)
        return products_pb2.RestoreProductResponse(
            product=product_to_proto(restored.product),
            images=restored.images,
            items=restored.items,
            lost_images=restored.lost_images,
        )

    async def CreateUpload(
        self, request: uploads_pb2.CreateUploadRequest, context: Context
    ) -> uploads_pb2.CreateUploadResponse:
        target = await self._catalog.uploads.create(
            current_principal(), request.media_type, request.size_bytes, request.sha256, reached_at()
        )
        return upload_target_to_proto(target)

    async def IndexImage(
        self, request: indexing_pb2.IndexImageRequest, context: Context
    ) -> indexing_pb2.IndexImageResponse:
        job = await self._catalog.images.index(
            current_principal(), index_request_from_proto(request, self._catalog.limits)
        )
        return indexing_pb2.IndexImageResponse(job=job_to_proto(job))

    async def IndexImages(
        self, requests: AsyncGenerator[indexing_pb2.IndexImagesRequest, None], context: Context
    ) -> indexing_pb2.IndexImagesResponse:
        async def answer(request: indexing_pb2.IndexImagesRequest) -> None:
            result = indexing_pb2.IndexImagesResult(id=request.id)
            results.append(result)  # before anything is awaited, so in the order of the requests
            await self._index_streamed(request, ids, result)

        results: list[indexing_pb2.IndexImagesResult] = []
        ids: set[str] = set()
        limited = _at_most(self._catalog.limits.max_images_per_stream, requests)
        async for _ in self._bulk.answers(limited, answer):
            pass
        return indexing_pb2.IndexImagesResponse(results=results)

    async def _index_streamed(
        self,
        request: indexing_pb2.IndexImagesRequest,
        ids: set[str],
        result: indexing_pb2.IndexImagesResult,
    ) -> None:
        """Index a photo of a stream, and set the job or the error of its result."""
        principal = current_principal()
        try:
            check_new_id(request.id, ids)
            ids.add(request.id)
            wanted = index_request_from_proto(request, self._catalog.limits)
            job = await wait_for_room(lambda: self._catalog.images.index(principal, wanted))
            result.job.CopyFrom(job_to_proto(job))
        except Exception as error:
            result.error.CopyFrom(self._failures.status_of(error))

    async def GetIndexingJob(
        self, request: indexing_pb2.GetIndexingJobRequest, context: Context
    ) -> indexing_pb2.GetIndexingJobResponse:
        job = await self._catalog.jobs.get(current_principal(), request.job_id)
        return indexing_pb2.GetIndexingJobResponse(job=job_to_proto(job))

    async def ListIndexingJobs(
        self, request: indexing_pb2.ListIndexingJobsRequest, context: Context
    ) -> indexing_pb2.ListIndexingJobsResponse:
        wanted = job_filter_from_proto(request)
        page = await self._catalog.jobs.list(
            current_principal(), request.page_size, request.page_token, wanted
        )
        return indexing_pb2.ListIndexingJobsResponse(
            jobs=[job_to_proto(job) for job in page.entries], next_page_token=page.next_token
        )

    async def WatchIndexingJob(
        self, request: indexing_pb2.WatchIndexingJobRequest, context: Context
    ) -> AsyncIterator[indexing_pb2.WatchIndexingJobResponse]:
        async for job in self._catalog.jobs.watch(current_principal(), request.job_id):
            yield indexing_pb2.WatchIndexingJobResponse(job=job_to_proto(job))

    async def WatchIndexingJobs(
        self, request: indexing_pb2.WatchIndexingJobsRequest, context: Context
    ) -> AsyncIterator[indexing_pb2.WatchIndexingJobsResponse]:
        wanted = nested_job_filter_from_proto(request.filter)
        since_us = moment_us("changed_from", request)
        watched = self._catalog.job_watch.watch(current_principal(), wanted, since_us)
        async with aclosing(watched):
            async for job in watched:
                yield indexing_pb2.WatchIndexingJobsResponse(job=job_to_proto(job))

    async def CountIndexingJobs(
        self, request: indexing_pb2.CountIndexingJobsRequest, context: Context
    ) -> indexing_pb2.CountIndexingJobsResponse:
        wanted = nested_job_filter_from_proto(request.filter)
        counts = await self._catalog.dead_letters.count(current_principal(), wanted)
        return indexing_pb2.CountIndexingJobsResponse(counts=map(job_count_to_proto, counts))

    async def CancelIndexingJob(
        self, request: indexing_pb2.CancelIndexingJobRequest, context: Context
    ) -> indexing_pb2.CancelIndexingJobResponse:
        job = await self._catalog.jobs.cancel(current_principal(), request.job_id)
        return indexing_pb2.CancelIndexingJobResponse(job=job_to_proto(job))

    async def RetryIndexingJob(
        self, request: indexing_pb2.RetryIndexingJobRequest, context: Context
    ) -> indexing_pb2.RetryIndexingJobResponse:
        job = await self._catalog.jobs.retry(current_principal(), request.job_id)
        return indexing_pb2.RetryIndexingJobResponse(job=job_to_proto(job))

    async def RetryIndexingJobs(
        self, request: indexing_pb2.RetryIndexingJobsRequest, context: Context
    ) -> indexing_pb2.RetryIndexingJobsResponse:
        wanted = nested_job_filter_from_proto(request.filter)
        changed = await self._catalog.dead_letters.retry(current_principal(), wanted, request.page_token)
        return indexing_pb2.RetryIndexingJobsResponse(
            retried=changed.jobs, next_page_token=changed.next_token
        )

    async def DeleteIndexingJobs(
        self, request: indexing_pb2.DeleteIndexingJobsRequest, context: Context
    ) -> indexing_pb2.DeleteIndexingJobsResponse:
        wanted = nested_job_filter_from_proto(request.filter)
        changed = await self._catalog.dead_letters.delete(current_principal(), wanted, request.page_token)
        return indexing_pb2.DeleteIndexingJobsResponse(
            deleted=changed.jobs, deleted_images=changed.images, next_page_token=changed.next_token
        )

    async def GetImage(
        self, request: images_pb2.GetImageRequest, context: Context
    ) -> images_pb2.GetImageResponse:
        image = await self._catalog.images.get(
            current_principal(),
            request.image_id,
            include_rejected_crops=request.include_rejected_crops,
        )
        return images_pb2.GetImageResponse(image=image_to_proto(image))

    async def ListImages(
        self, request: images_pb2.ListImagesRequest, context: Context
    ) -> images_pb2.ListImagesResponse:
        page = await self._catalog.images.list(
            current_principal(),
            request.page_size,
            request.page_token,
            product_id=request.product_id,
            text=request.text,
            order_by=request.order_by,
            show_deleted=request.show_deleted,
            only_deleted=request.only_deleted,
        )
        urls, side_px = self._urls(request.include_thumbnail_urls), request.thumbnail_max_side_px
        return images_pb2.ListImagesResponse(
            images=[
                image_to_proto(image, "" if urls is None else urls.thumbnail_of(image, side_px))
                for image in page.entries
            ],
            next_page_token=page.next_token,
            thumbnail_url_expire_time=None if urls is None else time_to_proto(urls.expire_time),
        )

    async def GetImageContent(
        self, request: images_pb2.GetImageContentRequest, context: Context
    ) -> images_pb2.GetImageContentResponse:
        principal, catalog = current_principal(), self._catalog
        if request.as_url:
            return link_to_proto(await self._link(principal, request))
        if request.rendition == images_pb2.RENDITION_THUMBNAIL:
            found = await catalog.images.thumbnail(principal, request.image_id, request.max_side_px)
        else:
            found = await catalog.images.content(principal, request.image_id)
        return image_content_to_proto(found)

    async def _link(self, principal: Principal, request: images_pb2.GetImageContentRequest) -> Link:
        links, lifetime_s, origin = self._catalog.links, request.url_lifetime_s, reached_at()
        if request.rendition == images_pb2.RENDITION_THUMBNAIL:
            side_px = request.max_side_px
            return await links.thumbnail(principal, request.image_id, side_px, lifetime_s, origin)
        return await links.original(principal, request.image_id, lifetime_s, origin)

    async def UpdateImage(
        self, request: images_pb2.UpdateImageRequest, context: Context
    ) -> images_pb2.UpdateImageResponse:
        image, changes = request.image, ImageChanges(request.image.name, request.image.product_id)
        updated = await self._catalog.images.update(
            current_principal(), image.id, changes, request.update_mask.paths, image.etag
        )
        return images_pb2.UpdateImageResponse(image=image_to_proto(updated))

    async def DeleteImage(
        self, request: images_pb2.DeleteImageRequest, context: Context
    ) -> images_pb2.DeleteImageResponse:
        await self._catalog.images.delete(current_principal(), request.image_id, request.etag)
        return images_pb2.DeleteImageResponse()

    async def RestoreImage(
        self, request: images_pb2.RestoreImageRequest, context: Context
    ) -> images_pb2.RestoreImageResponse:
        image, items = await self._catalog.images.restore(current_principal(), request.image_id)
        return images_pb2.RestoreImageResponse(image=image_to_proto(image), items=items)

    async def GetItem(self, request: items_pb2.GetItemRequest, context: Context) -> items_pb2.GetItemResponse:
        item = await self._catalog.items.get(
            current_principal(),
            request.item_id,
            include_embedding=request.include_embedding,
            include_crop=request.include_crop,
            include_alternatives=request.include_alternatives,
        )
        message = item_to_proto(item, include_alternatives=request.include_alternatives)
        if not request.include_crop_url:
            return items_pb2.GetItemResponse(item=message)
        lifetime_s, origin = request.url_lifetime_s, reached_at()
        link = await self._catalog.links.crop(current_principal(), item.id, lifetime_s, origin)
        return items_pb2.GetItemResponse(
            item=message,
            crop_url=link.url,
            crop_url_expire_time=time_to_proto(link.expire_time),
        )

    async def ListItems(
        self, request: items_pb2.ListItemsRequest, context: Context
    ) -> items_pb2.ListItemsResponse:
        page = await self._catalog.items.list(
            current_principal(),
            request.page_size,
            request.page_token,
            product_id=request.product_id,
            image_id=request.image_id,
            show_rejected=request.show_rejected,
            min_garment_score=request.min_garment_score if request.HasField("min_garment_score") else None,
            max_garment_score=request.max_garment_score if request.HasField("max_garment_score") else None,
            filter=filter_from_text(request.where, self._catalog.limits),
        )
        urls = self._urls(request.include_crop_urls)
        return items_pb2.ListItemsResponse(
            items=[
                item_to_proto(item, crop_url="" if urls is None else urls.crop(item.id))
                for item in page.entries
            ],
            next_page_token=page.next_token,
            crop_url_expire_time=None if urls is None else time_to_proto(urls.expire_time),
        )

    def _urls(self, wanted: bool) -> PictureUrls | None:
        """Makes URLs of the caller's pictures; None where none are wanted. Raises FailedPrecondition."""
        return self._catalog.links.many(current_principal(), reached_at()) if wanted else None

    async def Search(self, request: search_pb2.SearchRequest, context: Context) -> search_pb2.SearchResponse:
        limits = self._catalog.limits
        await self._uploads.load_query(request, limits.max_examples)
        query, options = query_from_proto(request, limits), search_options_from_proto(request, limits)
        urls = self._urls(request.include_crop_urls)
        result = await self._catalog.search(current_principal(), query, options)
        return search_result_to_proto(result, urls)

    async def AuditCatalog(
        self, request: catalog_pb2.AuditCatalogRequest, context: Context
    ) -> catalog_pb2.AuditCatalogResponse:
        principal = _principal_for(request.all_tenants)
        wanted = {"repair": request.repair, "all_tenants": request.all_tenants}
        operation = await self._catalog.operations.start(
            principal, OperationKind.AUDIT, wanted, request.idempotency_key
        )
        return catalog_pb2.AuditCatalogResponse(operation=operation_to_proto(operation))

    async def ListCollections(
        self, request: catalog_pb2.ListCollectionsRequest, context: Context
    ) -> catalog_pb2.ListCollectionsResponse:
        found = await self._catalog.collections.list()
        return catalog_pb2.ListCollectionsResponse(collections=map(collection_to_proto, found))

    async def StartBackfill(
        self, request: catalog_pb2.StartBackfillRequest, context: Context
    ) -> catalog_pb2.StartBackfillResponse:
        operation = await self._catalog.collections.start_backfill(
            current_principal(),
            request.embedder_version,
            request.photos_per_second,
            request.idempotency_key,
            swap=request.swap,
        )
        return catalog_pb2.StartBackfillResponse(operation=operation_to_proto(operation))

    async def ListItemVersions(
        self, request: catalog_pb2.ListItemVersionsRequest, context: Context
    ) -> catalog_pb2.ListItemVersionsResponse:
        principal = _principal_for(request.all_tenants)
        found = await self._catalog.reindexing.versions(principal, all_tenants=request.all_tenants)
        return versions_in_use_to_proto(found)

    async def StartReindex(
        self, request: catalog_pb2.StartReindexRequest, context: Context
    ) -> catalog_pb2.StartReindexResponse:
        operation = await self._catalog.reindexing.start(
            _principal_for(request.all_tenants),
            reindex_scope_from_proto(request.scope),
            request.photos_per_second,
            request.idempotency_key,
            all_tenants=request.all_tenants,
        )
        return catalog_pb2.StartReindexResponse(operation=operation_to_proto(operation))

    async def SwapCollection(
        self, request: catalog_pb2.SwapCollectionRequest, context: Context
    ) -> catalog_pb2.SwapCollectionResponse:
        found = await self._catalog.collections.swap(
            current_principal(), request.collection, allow_lacking=request.allow_lacking
        )
        return catalog_pb2.SwapCollectionResponse(collections=map(collection_to_proto, found))

    async def DropCollection(
        self, request: catalog_pb2.DropCollectionRequest, context: Context
    ) -> catalog_pb2.DropCollectionResponse:
        await self._catalog.collections.drop(current_principal(), request.collection)
        return catalog_pb2.DropCollectionResponse()

    async def EraseProduct(
        self, request: catalog_pb2.EraseProductRequest, context: Context
    ) -> catalog_pb2.EraseProductResponse:
        operation = await self._catalog.erasures.product(current_principal(), request.product_id)
        return catalog_pb2.EraseProductResponse(operation=operation_to_proto(operation))

    async def EraseEndUser(
        self, request: catalog_pb2.EraseEndUserRequest, context: Context
    ) -> catalog_pb2.EraseEndUserResponse:
        operation = await self._catalog.erasures.end_user(current_principal(), request.end_user)
        return catalog_pb2.EraseEndUserResponse(operation=operation_to_proto(operation))

    async def EraseTenant(
        self, request: catalog_pb2.EraseTenantRequest, context: Context
    ) -> catalog_pb2.EraseTenantResponse:
        operation = await self._catalog.erasures.tenant(current_principal(), request.tenant)
        return catalog_pb2.EraseTenantResponse(operation=operation_to_proto(operation))

    async def GetCatalogLimits(
        self, request: catalog_pb2.GetCatalogLimitsRequest, context: Context
    ) -> catalog_pb2.GetCatalogLimitsResponse:
        catalog, width = self._catalog, await self._catalog.embedding_width()
        return limits_to_proto(catalog.limits, catalog.decode_limits, width, sorted(catalog.filter_fields))


def _principal_for(all_tenants: bool) -> Principal:
    """The caller. Raises PermissionDenied where all tenants are concerned and the caller runs no server."""
    principal = current_principal()
    if all_tenants and not principal.is_operator:
        raise PermissionDenied("all_tenants is for those who run the server", reason="OPERATOR_ONLY")
    return principal


async def _at_most(
    limit: int, requests: AsyncGenerator[indexing_pb2.IndexImagesRequest, None]
) -> AsyncGenerator[indexing_pb2.IndexImagesRequest, None]:
    """The requests of a stream. Raises InvalidInput at the first one above the limit."""
    count = 0
    async with aclosing(requests):
        async for request in requests:
            count += 1
            if count > limit:
                raise InvalidInput("requests", f"must be at most {limit} in one stream")
            yield request
