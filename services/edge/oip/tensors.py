"""Tensors, and their two encodings: raw bytes, and lists of values as typed contents and JSON have them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.errors import InvalidInput
from services.inference.batching.entries import Array
from services.oip.datatypes import BYTES, Datatype, datatype_of

MAX_DIMENSIONS, MAX_EMPTY = 8, 2**32
MAX_STRINGS = 2**16
_CHUNK = 2**16
_LENGTH = struct.Struct("<I")


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A named array; one of BYTES has `bytes` objects."""

    name: str
    array: Array

    @property
    def datatype(self) -> Datatype:
        return datatype_of(self.array.dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape


def input_field(name: str) -> str:
    """The path of an input in errors."""
    return f"inputs[{name}]"


def tensor_from_raw(name: str, datatype: Datatype, shape: Sequence[int], raw: bytes) -> Tensor:
    """Decode raw contents; the array of numbers is a view of `raw`. Raises InvalidInput naming the input."""
    count = _element_count(name, shape)
    if datatype is BYTES:
        if count > MAX_STRINGS:
            raise InvalidInput(input_field(name), f"must have at most {MAX_STRINGS} elements, got {count}")
        return Tensor(name, _objects(_split_bytes(name, raw, count), shape))
    needed = count * datatype.dtype.itemsize
    if len(raw) != needed:
        text = f"must have {needed} bytes of {datatype.name} for shape {list(shape)}, got {len(raw)}"
        raise InvalidInput(input_field(name), text)
    return Tensor(name, np.frombuffer(raw, datatype.dtype).reshape(shape))


def raw_from_tensor(tensor: Tensor) -> bytes:
    """Encode raw contents."""
    if tensor.datatype is not BYTES:
        return tensor.array.tobytes()
    elements: list[bytes] = tensor.array.ravel().tolist()
    return b"".join(part for element in elements for part in (_LENGTH.pack(len(element)), element))


def tensor_from_values(name: str, datatype: Datatype, shape: Sequence[int], values: Sequence[Any]) -> Tensor:
    """Make a tensor of a flat list of values. Raises InvalidInput naming the input."""
    count = _element_count(name, shape)
    if len(values) != count:
        text = f"must have {count} elements for shape {list(shape)}, got {len(values)}"
        raise InvalidInput(input_field(name), text)
    if datatype is BYTES:
        return Tensor(name, _objects([_as_bytes(name, value) for value in values], shape))
    return Tensor(name, _numbers(name, datatype, values).reshape(shape))


def _numbers(name: str, datatype: Datatype, values: Sequence[Any]) -> Array:
    """The array of numbers or booleans (N,); each value must be one that the datatype has."""
    problem = f"must hold values of {datatype.name}"
    try:
        found = _array(values)
        if found.dtype.kind == "f" and all(type(value) is int for value in values):
            found = _array(values, np.uint64)  # NumPy takes smaller and larger ones together for floats
    except (ValueError, OverflowError) as error:
        raise InvalidInput(input_field(name), problem) from error
    wanted = datatype.dtype.kind
    kinds = {"b": "b", "f": "fiu"}.get(wanted, "iu")
    if len(values) and found.dtype.kind not in kinds:
        raise InvalidInput(input_field(name), problem)
    if wanted in "iu" and len(values):
        limits = np.iinfo(datatype.dtype)
        if int(found.min()) < limits.min or int(found.max()) > limits.max:
            raise InvalidInput(input_field(name), f"{problem}: {limits.min} to {limits.max}")
    with np.errstate(over="ignore"):  # a number beyond FP16 or FP32 becomes infinite
        return found.astype(datatype.dtype)


def _array(values: Sequence[Any], dtype: type[np.generic] | None = None) -> Array:
    """As `np.asarray`, in parts, so that other threads may run between them."""
    starts = range(0, max(len(values), 1), _CHUNK)
    return np.concatenate([np.asarray(values[start : start + _CHUNK], dtype) for start in starts])


def _element_count(name: str, shape: Sequence[int]) -> int:
    if not 1 <= len(shape) <= MAX_DIMENSIONS or min(shape) < 0:
        text = f"must have 1 to {MAX_DIMENSIONS} dimensions, none negative, got {list(shape[:9])}"
        raise InvalidInput(f"{input_field(name)}.shape", text)
    if 0 in shape and math.prod(filter(None, shape)) > MAX_EMPTY:
        raise InvalidInput(f"{input_field(name)}.shape", f"must be a possible one, got {list(shape)}")
    return math.prod(shape)


def _objects(elements: Sequence[bytes], shape: Sequence[int]) -> Array:
    array = np.empty(len(elements), object)
    array[:] = elements
    return array.reshape(shape)


def _split_bytes(name: str, raw: bytes, count: int) -> list[bytes]:
    """The elements of raw BYTES: each is 4 bytes of length, little-endian, and so many bytes."""
    elements: list[bytes] = []
    start = 0
    while start + _LENGTH.size <= len(raw) and len(elements) < count:
        (length,) = _LENGTH.unpack_from(raw, start)
        start += _LENGTH.size
        elements.append(raw[start : start + length])
        start += length
    if start != len(raw) or len(elements) != count:
        text = f"must have {count} elements, each with its length in the 4 bytes before it, and nothing else"
        raise InvalidInput(input_field(name), text)
    return elements


def _as_bytes(name: str, value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        encoded: bytes = value.encode()
    except (AttributeError, UnicodeEncodeError) as error:
        raise InvalidInput(input_field(name), "must hold strings of Unicode characters") from error
    return encoded


def stacked_bytes(elements: Iterable[Iterable[bytes]], shape: Sequence[int]) -> Array:
    """An array of BYTES of this shape from rows of elements."""
    return _objects([element for row in elements for element in row], shape)
