"""A text of any length in any field of any request gets an answer, and comes back shortened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from armoire.v1 import (
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
)
from demo.server import ServerProcess
from services.oip.stubs import open_inference_pb2

FILES = (
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
    open_inference_pb2,
)
METHODS = [
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]
LONG = ("it is so " * 700, "\N{SNOWMAN}" * 6000)


def text_fields(
    kind: Descriptor, above: tuple[Descriptor, ...] = ()
) -> Iterator[tuple[FieldDescriptor, ...]]:
    """The path of every text, also of those inside other messages and of the keys of maps."""
    for field in kind.fields:
        if field.type == FieldDescriptor.TYPE_STRING:
            yield (field,)
        elif field.message_type is not None and field.message_type not in above:
            for path in text_fields(field.message_type, (*above, kind)):
                yield (field, *path)


def wire(path: tuple[FieldDescriptor, ...], text: bytes) -> bytes:
    """The binary format of a message that has the field alone."""
    field, *rest = path
    payload = wire(tuple(rest), text) if rest else text
    return varint(field.number << 3 | 2) + varint(len(payload)) + payload


def varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80]) + varint(value >> 7) if value > 0x7F else bytes([value])


def outcome(channel: grpc.Channel, method: MethodDescriptor, request: bytes) -> grpc.RpcError | None:
    """What the call failed with."""
    kinds = {
        (False, False): channel.unary_unary,
        (False, True): channel.unary_stream,
        (True, False): channel.stream_unary,
        (True, True): channel.stream_stream,
    }
    make: Any = kinds[method.client_streaming, method.server_streaming]
    call = make(f"/{method.containing_service.full_name}/{method.name}")
    given = iter([request]) if method.client_streaming else request
    try:
        answer = call(given, timeout=300)
        if method.server_streaming:
            list(answer)
    except grpc.RpcError as error:
        return error
    return None


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.full_name)
def test_a_long_text_comes_back_shortened(server: ServerProcess, method: MethodDescriptor) -> None:
    with grpc.insecure_channel(server.address) as channel:
        for text in LONG:
            for path in text_fields(method.input_type):
                error = outcome(channel, method, wire(path, text.encode()))
                if error is None:
                    continue
                status = rpc_status.from_call(error)
                assert status is not None, (error, path)
                assert any(detail.Is(ErrorInfo.DESCRIPTOR) for detail in status.details)
                assert text[:100] not in str(status), status


def test_texts_are_found_in_messages_and_maps() -> None:
    method = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"].methods_by_name["CreateProduct"]
    paths = {".".join(field.name for field in path) for path in text_fields(method.input_type)}
    assert {
        "idempotency_key",
        "product.brand",
        "product.attributes.key",
        "product.price.currency_code",
    } <= paths
