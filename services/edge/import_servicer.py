"""The calls of CatalogService that import products and photos: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, TypeAlias

import grpc

from armoire.v1 import imports_pb2
from domain.errors import InvalidInput
from services.catalog.catalog import Catalog
from services.catalog.resources.import_reading import IncomingEntry
from services.edge.bulk_streams import BulkStreams
from services.edge.calls import current_principal
from services.edge.conversion.imports import entry_from_proto, failure_to_proto, page_to_proto
from services.edge.conversion.operations import operation_to_proto

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


Requests: TypeAlias = "AsyncGenerator[imports_pb2.ImportEntriesRequest, None]"


class ImportServicer:
    """Every call acts for the caller's tenant."""

    _catalog: Catalog
    _bulk: BulkStreams

    async def StartImport(
        self, request: imports_pb2.StartImportRequest, context: Context
    ) -> imports_pb2.StartImportResponse:
        started = await self._catalog.imports.start(
            current_principal(),
            request.source,
            request.photos_per_second,
            request.idempotency_key,
            again=request.again,
        )
        return imports_pb2.StartImportResponse(
            operation=operation_to_proto(started.operation),
            next_number=started.next_number,
            finished=started.finished,
        )

    async def ImportEntries(self, requests: Requests, context: Context) -> imports_pb2.ImportEntriesResponse:
        with self._bulk.admitted():
            first = await anext(requests, None)
            if first is not None and first.validate_only:
                return await self._check(first, requests)
            following = await self._catalog.imports.keep(current_principal(), _entries(first, requests))
        return imports_pb2.ImportEntriesResponse(next_number=following)

    async def _check(
        self, first: imports_pb2.ImportEntriesRequest, rest: Requests
    ) -> imports_pb2.ImportEntriesResponse:
        """What would fail of the entries of a stream."""
        incoming = _only_entries(first, rest)
        checked = await self._catalog.import_checks.check(current_principal(), incoming, again=first.again)
        return imports_pb2.ImportEntriesResponse(
            next_number=checked.next_number, failures=map(failure_to_proto, checked.failures)
        )

    async def FinishImport(
        self, request: imports_pb2.FinishImportRequest, context: Context
    ) -> imports_pb2.FinishImportResponse:
        operation = await self._catalog.imports.finish(current_principal(), request.operation_id)
        return imports_pb2.FinishImportResponse(operation=operation_to_proto(operation))

    async def ListImportFailures(
        self, request: imports_pb2.ListImportFailuresRequest, context: Context
    ) -> imports_pb2.ListImportFailuresResponse:
        page = await self._catalog.imports.failures(
            current_principal(), request.operation_id, request.page_size, request.page_token
        )
        return imports_pb2.ListImportFailuresResponse(
            failures=map(failure_to_proto, page.entries), next_page_token=page.next_token
        )

    async def ReadProductPage(
        self, request: imports_pb2.ReadProductPageRequest, context: Context
    ) -> imports_pb2.ReadProductPageResponse:
        match request.WhichOneof("page"):
            case "url":
                page = await self._catalog.pages.fetch(request.url)
            case "content":
                page = await self._catalog.pages.read(request.content, request.base_url)
            case _:
                raise InvalidInput("page", "must be a url or the content of a page")
        return page_to_proto(page)


async def _entries(
    first: imports_pb2.ImportEntriesRequest | None, rest: Requests
) -> AsyncGenerator[tuple[str, IncomingEntry], None]:
    """The entries of a stream, with the id of their operation."""
    async with aclosing(rest):
        if first is not None:
            yield first.operation_id, entry_from_proto(first.entry)
        async for request in rest:
            yield request.operation_id, entry_from_proto(request.entry)


async def _only_entries(
    first: imports_pb2.ImportEntriesRequest, rest: Requests
) -> AsyncGenerator[IncomingEntry, None]:
    """The entries of a stream that are of no import."""
    async with aclosing(_entries(first, rest)) as entries:
        async for _, entry in entries:
            yield entry
