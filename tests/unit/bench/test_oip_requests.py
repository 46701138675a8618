"""The few fields of the V2 protocol that the bench writes by hand."""

from __future__ import annotations

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from bench.oip_requests import PATH, infer_request, oip_requests


def read(data: bytes) -> tuple[str, str, str, list[int], list[bytes]]:
    """Decoded by protobuf itself, from the fields as the protocol numbers them."""
    file = descriptor_pb2.FileDescriptorProto(name="v2.proto", package="v2", syntax="proto3")
    field = descriptor_pb2.FieldDescriptorProto
    contents = file.message_type.add(name="Contents")
    contents.field.add(name="bytes", number=8, type=field.TYPE_BYTES, label=field.LABEL_REPEATED)
    tensor = file.message_type.add(name="Tensor")
    tensor.field.add(name="name", number=1, type=field.TYPE_STRING)
    tensor.field.add(name="datatype", number=2, type=field.TYPE_STRING)
    tensor.field.add(name="shape", number=3, type=field.TYPE_INT64, label=field.LABEL_REPEATED)
    tensor.field.add(name="contents", number=5, type=field.TYPE_MESSAGE, type_name=".v2.Contents")
    request = file.message_type.add(name="Request")
    request.field.add(name="model", number=1, type=field.TYPE_STRING)
    request.field.add(
        name="inputs", number=5, type=field.TYPE_MESSAGE, type_name=".v2.Tensor", label=field.LABEL_REPEATED
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)  # type: ignore[no-untyped-call]
    message = message_factory.GetMessageClass(pool.FindMessageTypeByName("v2.Request"))
    parsed = message.FromString(data)
    (found,) = parsed.inputs  # type: ignore[attr-defined]
    model: str = parsed.model  # type: ignore[attr-defined]
    return model, found.name, found.datatype, list(found.shape), list(found.contents.bytes)


@pytest.mark.parametrize("size", [0, 1, 127, 128, 70_000])
def test_protobuf_reads_what_is_written(size: int) -> None:
    photo = bytes(index % 251 for index in range(size))
    assert read(infer_request("embed", photo)) == ("embed", "photo", "BYTES", [1], [photo])


def test_one_request_for_each_photo() -> None:
    requests = oip_requests("detect", [b"a", b"b"])
    assert requests.path == PATH
    assert [read(body)[-1] for body in requests.bodies] == [[b"a"], [b"b"]]
