"""Times of requests."""

from __future__ import annotations

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from domain.errors import InvalidInput

_FIRST_SECOND, _LAST_SECOND, _MAX_NANOS = -62_135_596_800, 253_402_300_799, 999_999_999
"""The bounds of a Timestamp, years 1 and 9999. Source: google/protobuf/timestamp.proto."""


def moment_us(field: str, request: Message) -> int | None:
    """The microseconds since 1970 of a Timestamp; None if it is unset. Raises InvalidInput."""
    if not request.HasField(field):
        return None
    moment: Timestamp = getattr(request, field)
    if not _FIRST_SECOND <= moment.seconds <= _LAST_SECOND:
        raise InvalidInput(field, "must be a time in the years 1 to 9999")
    if not 0 <= moment.nanos <= _MAX_NANOS:
        raise InvalidInput(field, f"must have 0 to {_MAX_NANOS} nanos, got {moment.nanos}")
    return moment.ToMicroseconds()
