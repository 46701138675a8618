"""Any message of any call over gRPC is answered, or refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status
from hypothesis import given, settings
from hypothesis import strategies as st

from armoire.v1 import admin_pb2, catalog_pb2, inference_pb2, models_pb2, operations_pb2
from demo.server import ServerProcess
from services.oip.stubs import open_inference_pb2
from tests.any_message import messages

FILES = (admin_pb2, catalog_pb2, inference_pb2, models_pb2, operations_pb2, open_inference_pb2)
METHODS = {
    f"{service.name}.{method.name}": method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}
ENDLESS = ("WatchIndexingJobs",)
"""Calls that go on until the caller leaves, where nothing is wrong with the request."""
EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "6"))
"""Requests of each call."""


@pytest.fixture(scope="module")
def channel(server: ServerProcess) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(server.address) as opened:
        yield opened


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_any_message_is_answered_or_refused_with_a_reason(
    channel: grpc.Channel, method: MethodDescriptor
) -> None:
    encoded = messages(method.input_type).map(lambda message: message.SerializeToString())

    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
    @given(
        contents=st.lists(encoded | st.binary(max_size=200), min_size=1, max_size=1 + method.client_streaming)
    )
    def run(contents: list[bytes]) -> None:
        error = call(channel, method, contents)
        left = method.name in ENDLESS and error and error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        if error is not None and not left:
            assert error.code() not in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN), error
            assert len(reasons(error)) == 1

    run()


def call(channel: grpc.Channel, method: MethodDescriptor, contents: list[bytes]) -> Any:
    """The error of a call, None where it succeeds."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    try:
        if method.client_streaming or method.server_streaming:
            timeout_s = 1 if method.name in ENDLESS else 60
            list(channel.stream_stream(path)(iter(contents), timeout=timeout_s))
        else:
            channel.unary_unary(path)(contents[0], timeout=60)
    except grpc.RpcError as error:
        return error
    return None


def reasons(error: Any) -> list[str]:
    status = rpc_status.from_call(error)
    assert status is not None, error
    infos = [ErrorInfo.FromString(each.value) for each in status.details if each.Is(ErrorInfo.DESCRIPTOR)]
    return [info.reason for info in infos]
