"""UUIDv7 ids: they sort by the time they were made."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import uuid

from domain.errors import InvalidInput

_RANDOM_BITS = 74


class IdSource:
    """Makes ids, each greater than the one before it from this source.

    Source: RFC 9562, section 5.7 and 6.2 (method 2, monotonic random).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> str:
        """A new id in its canonical text form."""
        fresh = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            if fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS:
                fresh = self._last + 1 + secrets.randbits(32)
            self._last = fresh
        return _uuid7(fresh)


def item_id(image_id: str, ordinal: int) -> str:
    """The id of the image's item number `ordinal`: the same however often the image is analysed."""
    digest = hashlib.sha256(f"{image_id}/{ordinal}".encode()).digest()
    made_ms = uuid.UUID(image_id).int >> 80
    drawn = int.from_bytes(digest, "big") >> (256 - _RANDOM_BITS)
    return _uuid7((made_ms << _RANDOM_BITS) | drawn)


def check_id(field: str, value: str) -> str:
    """`value` in canonical form.

    Raises:
        InvalidInput: it is not a UUID.
    """
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise InvalidInput(field, f"must be a UUID such as {_uuid7(0)}") from None


def is_id(value: str) -> bool:
    """Whether it is a UUIDv7 in its canonical text form."""
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        return False
    return str(parsed) == value and parsed.version == 7


def new_etag() -> str:
    """A random etag, for one version of a row."""
    return secrets.token_hex(8)


def _uuid7(value: int) -> str:
    """Spread 48 bits of milliseconds and 74 random bits over the layout of version 7."""
    made_ms, drawn = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
    high, low = drawn >> 62, drawn & ((1 << 62) - 1)
    return str(uuid.UUID(int=made_ms << 80 | 7 << 76 | high << 64 | 2 << 62 | low))
