"""Photos as ModelInfer requests of the Open Inference Protocol (V2) over gRPC, for MLServer and Triton.

Only the fields in use are encoded. Source: open_inference_grpc.proto.
"""

from __future__ import annotations

from collections.abc import Sequence

from armoire.bench.requests import Requests

PATH = "/inference.GRPCInferenceService/ModelInfer"


def oip_requests(model: str, photos: Sequence[bytes]) -> Requests:
    """One ModelInferRequest for each photo."""
    return Requests(model, PATH, tuple(infer_request(model, photo) for photo in photos))


def infer_request(model: str, photo: bytes) -> bytes:
    """A serialised ModelInferRequest with one BYTES tensor of shape [1]."""
    contents = _field(8, photo)  # bytes_contents
    shape = _field(3, b"\x01")  # packed
    tensor = _field(1, b"photo") + _field(2, b"BYTES") + shape + _field(5, contents)
    return _field(1, model.encode()) + _field(5, tensor)


def _field(number: int, payload: bytes) -> bytes:
    """A length-delimited field: bytes, string or message."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
