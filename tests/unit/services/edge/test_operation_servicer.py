"""OperationService over a real channel."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from armoire.v1 import operations_pb2, operations_pb2_grpc
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.operation_servicer import OperationServicer
from services.edge.server import GrpcOptions, GrpcServer

SERVICE = operations_pb2.DESCRIPTOR.services_by_name["OperationService"]


@pytest.mark.parametrize("method", list(SERVICE.methods), ids=lambda method: method.name)
async def test_every_call_says_that_it_is_not_offered_yet(method: Any) -> None:
    hosted = HostedService(SERVICE, OperationServicer())
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Calls(Admission(8)))
    await server.start()
    name = method.name
    async with grpc.aio.insecure_channel(server.address) as channel:
        call = getattr(operations_pb2_grpc.OperationServiceStub(channel), name)
        request = getattr(operations_pb2, f"{name}Request")()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await (call(request).read() if method.server_streaming else call(request))
    await server.stop()
    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert (caught.value.details() or "").startswith(f"{name}: this server runs no operations yet")
