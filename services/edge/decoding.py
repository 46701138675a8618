"""Decodes the messages of requests, after a look at their size: a decoder lets nothing else run meanwhile.

Only pictures and tensors make requests large. What else a request has, and how many elements it has, is
limited before anything is built of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from domain.errors import InvalidInput, MessageTooLarge

M = TypeVar("M", bound=Message)

SMALL_BYTES = 2**16
"""Requests up to this size are decoded on the event loop, and without a closer look."""
LARGE_BYTES = 2**20
"""Larger requests are decoded on a thread, where each copy of their pictures lets other calls go on."""
MAX_PLAIN_BYTES = 2**20
"""What a request may have beside its fields of type bytes; a quarter of the bytes of packed numbers count."""
MAX_RECORDS = 2**14


def decode_message(kind: type[M], data: bytes) -> M:
    """Decode protobuf's binary format. Raises InvalidInput for "request"."""
    if len(data) > SMALL_BYTES:
        check_wire(kind.DESCRIPTOR, data)
    try:
        return kind.FromString(data)
    except DecodeError as error:
        raise InvalidInput("request", f"is not a valid message of this call: {error}") from error


@cache
def carries_bytes(kind: Descriptor) -> bool:
    """Whether a message has a field of type bytes, in itself or in a message inside."""
    return _carries_bytes(kind, frozenset())


def _carries_bytes(kind: Descriptor, above: frozenset[str]) -> bool:
    if kind.full_name in above:
        return False
    above |= {kind.full_name}
    return any(
        field.type == FieldDescriptor.TYPE_BYTES
        or (field.message_type is not None and _carries_bytes(field.message_type, above))
        for field in kind.fields
    )


def check_wire(kind: Any, data: bytes) -> None:
    """Check a message in binary format before it is decoded; what is not valid is left to the decoder.

    Raises:
        MessageTooLarge: the call takes no pictures or tensors, and the message has more than 1 MiB.
        InvalidInput: it has too many bytes beside pictures and tensors, or too many elements.
    """
    if carries_bytes(kind):
        _Scan(data).message(kind, 0, len(data))
    elif len(data) > MAX_PLAIN_BYTES:
        raise MessageTooLarge(MAX_PLAIN_BYTES)


@dataclass(slots=True)
class _Scan:
    """Counts the records of a message, and its bytes that are in no field of type bytes.

    Source: https://protobuf.dev/programming-guides/encoding, "Message Structure".
    """

    data: bytes
    plain: int = 0
    records: int = 0

    def message(self, kind: Descriptor, position: int, end: int) -> None:
        """Scan the message between two positions; it goes into the messages that may have bytes."""
        while position < end:
            start = position
            tag, position = self._varint(position)
            length, position = self._length(tag & 7, position, end)
            field = kind.fields_by_number.get(tag >> 3) if tag & 7 == _LENGTH_DELIMITED else None
            inner = None if field is None else field.message_type
            if inner is not None and carries_bytes(inner):
                self._count(position - start)
                self.message(inner, position, min(position + length, end))
            else:
                self._count(position - start + int(length * _weight(field)))
            position += length

    def _count(self, plain: int) -> None:
        self.records += 1
        self.plain += plain
        if self.records > MAX_RECORDS:
            raise InvalidInput("request", f"must have at most {MAX_RECORDS} elements")
        if self.plain > MAX_PLAIN_BYTES:
            text = f"must have at most {MAX_PLAIN_BYTES} bytes beside its pictures and raw tensors"
            raise InvalidInput("request", text)

    def _varint(self, position: int) -> tuple[int, int]:
        """The number at a position, and the position after it; data that end too early are read as zeros."""
        value = shift = 0
        for byte in self.data[position : position + 10]:
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        return value, position

    def _length(self, wire_type: int, position: int, end: int) -> tuple[int, int]:
        """How long a record's payload is and where it starts; a group, or what is no record, is the rest."""
        if wire_type == _VARINT:
            return 0, self._varint(position)[1]
        if wire_type == _LENGTH_DELIMITED:
            return self._varint(position)
        return _FIXED.get(wire_type, max(end - position, 0)), position


def _weight(field: FieldDescriptor | None) -> float:
    """The share of a payload's bytes that counts."""
    if field is None or field.type == FieldDescriptor.TYPE_STRING or field.message_type is not None:
        return 1
    return 0 if field.type == FieldDescriptor.TYPE_BYTES else 0.25


_VARINT, _LENGTH_DELIMITED = 0, 2
_FIXED = {1: 8, 5: 4}
