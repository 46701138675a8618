"""OperationService: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import grpc

from armoire.v1 import operations_pb2, operations_pb2_grpc
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal
from services.edge.conversion.operations import operation_filter_from_proto, operation_to_proto

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
"""The context of a gRPC call, which is not used; None for calls over HTTP."""


class OperationServicer(operations_pb2_grpc.OperationServiceServicer):
    """Every call acts for the caller's tenant."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def GetOperation(
        self, request: operations_pb2.GetOperationRequest, context: Context
    ) -> operations_pb2.GetOperationResponse:
        operation = await self._catalog.operations.get(current_principal(), request.operation_id)
        return operations_pb2.GetOperationResponse(operation=operation_to_proto(operation))

    async def ListOperations(
        self, request: operations_pb2.ListOperationsRequest, context: Context
    ) -> operations_pb2.ListOperationsResponse:
        wanted = operation_filter_from_proto(request)
        page = await self._catalog.operations.list(
            current_principal(), request.page_size, request.page_token, wanted
        )
        return operations_pb2.ListOperationsResponse(
            operations=[operation_to_proto(operation) for operation in page.entries],
            next_page_token=page.next_token,
        )

    async def WatchOperation(
        self, request: operations_pb2.WatchOperationRequest, context: Context
    ) -> AsyncIterator[operations_pb2.WatchOperationResponse]:
        async for operation in self._catalog.operations.watch(current_principal(), request.operation_id):
            yield operations_pb2.WatchOperationResponse(operation=operation_to_proto(operation))

    async def CancelOperation(
        self, request: operations_pb2.CancelOperationRequest, context: Context
    ) -> operations_pb2.CancelOperationResponse:
        operation = await self._catalog.operations.cancel(current_principal(), request.operation_id)
        return operations_pb2.CancelOperationResponse(operation=operation_to_proto(operation))

    async def RetryOperation(
        self, request: operations_pb2.RetryOperationRequest, context: Context
    ) -> operations_pb2.RetryOperationResponse:
        operation = await self._catalog.operations.retry(current_principal(), request.operation_id)
        return operations_pb2.RetryOperationResponse(operation=operation_to_proto(operation))
