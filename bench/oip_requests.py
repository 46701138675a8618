"""Requests of the Open Inference Protocol (V2) over gRPC.

Only the fields in use are encoded. Source: open_inference_grpc.proto.
"""

from __future__ import annotations

from collections.abc import Sequence

from armoire.bench.requests import Requests

SERVICE = "/inference.GRPCInferenceService"
PATH = f"{SERVICE}/ModelInfer"


def oip_requests(model: str, photos: Sequence[bytes]) -> Requests:
    """One ModelInferRequest for each photo."""
    return Requests(model, PATH, tuple(infer_request(model, photo) for photo in photos))


def infer_request(model: str, photo: bytes) -> bytes:
    """A serialised ModelInferRequest with one BYTES tensor of shape [1]."""
    contents = _field(8, photo)  # bytes_contents
    shape = _field(3, b"\x01")  # packed
    tensor = _field(1, b"photo") + _field(2, b"BYTES") + shape + _field(5, contents)
    return _field(1, model.encode()) + _field(5, tensor)


def raw_request(model: str, tensor: str, content: bytes, shape: Sequence[int] = ()) -> Requests:
    """A ModelInferRequest with rows of UINT8 as raw contents; without a shape, with one flat row."""
    sizes = b"".join(map(_varint, shape or (1, len(content))))
    given = _field(1, tensor.encode()) + _field(2, b"UINT8") + _field(3, sizes)  # packed
    body = _field(1, model.encode()) + _field(5, given) + _field(7, content)
    return Requests(model, PATH, (body,))


def metadata_request() -> Requests:
    """The call that does the least: it asks for the server's metadata."""
    return Requests("metadata", f"{SERVICE}/ServerMetadata", (b"",))


def _field(number: int, payload: bytes) -> bytes:
    """A length-delimited field: bytes, string or message."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
