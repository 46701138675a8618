"""OperationService, which is not implemented until the first kind of operation exists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, NoReturn, TypeAlias

import grpc

from armoire.v1 import operations_pb2, operations_pb2_grpc
from domain.errors import Unimplemented
from services.edge.hosted_service import HostedService

OPERATIONS = operations_pb2.DESCRIPTOR.services_by_name["OperationService"]
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class OperationServicer(operations_pb2_grpc.OperationServiceServicer):
    """Every call raises Unimplemented."""

    async def GetOperation(
        self, request: operations_pb2.GetOperationRequest, context: Context
    ) -> operations_pb2.GetOperationResponse:
        _refuse("GetOperation")

    async def ListOperations(
        self, request: operations_pb2.ListOperationsRequest, context: Context
    ) -> operations_pb2.ListOperationsResponse:
        _refuse("ListOperations")

    async def WatchOperation(
        self, request: operations_pb2.WatchOperationRequest, context: Context
    ) -> AsyncIterator[operations_pb2.WatchOperationResponse]:
        _refuse("WatchOperation")
        yield  # makes this an async generator

    async def CancelOperation(
        self, request: operations_pb2.CancelOperationRequest, context: Context
    ) -> operations_pb2.CancelOperationResponse:
        _refuse("CancelOperation")

    async def RetryOperation(
        self, request: operations_pb2.RetryOperationRequest, context: Context
    ) -> operations_pb2.RetryOperationResponse:
        _refuse("RetryOperation")


def hosted_operations() -> HostedService:
    """OperationService, to be added to a server."""
    return HostedService(OPERATIONS, OperationServicer())


def _refuse(call: str) -> NoReturn:
    raise Unimplemented(call, "this server runs no operations yet; the indexing of a photo is an IndexingJob")
