"""The records that an edge and the device exchange after their handshake, each of a fixed size.

The edge sends `Request`s. The device sends one `Answer` for each request to run, in any order; the error of a
failed one follows its record as JSON.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from domain.error_record import error_from_record, error_to_record
from domain.errors import ArmoireError

_REQUEST = struct.Struct("<BBHIIQd")
_ANSWER = struct.Struct("<BxxxIQQQ")


class Verb(IntEnum):
    """The kind of a request of an edge."""

    RUN = 1
    WITHDRAW = 2


@dataclass(frozen=True, slots=True)
class Request:
    """Run the rows in `count` slots from `first` on, or withdraw the request with this id.

    `deadline` is on the clock of `time.monotonic`, which all processes of a machine share; infinite if there
    is none.
    """

    verb: Verb
    id: int
    graph: int = 0
    first: int = 0
    count: int = 0
    bulk: bool = False
    deadline: float = math.inf

    def pack(self) -> bytes:
        return _REQUEST.pack(self.verb, self.bulk, self.graph, self.first, self.count, self.id, self.deadline)


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a request: its outputs are in its slots (`done`), or its error, None if withdrawn."""

    request_id: int
    done: bool
    queue_ns: int = 0
    run_ns: int = 0
    error: BaseException | None = None

    def pack(self) -> bytes:
        detail = b"" if self.error is None else json.dumps(_error_to_json(self.error)).encode()
        return _ANSWER.pack(self.done, len(detail), self.request_id, self.queue_ns, self.run_ns) + detail


def requests(received: bytearray) -> Iterator[Request]:
    """Take the complete requests out of `received`."""
    whole = len(received) - len(received) % _REQUEST.size
    records = bytes(received[:whole])
    del received[:whole]
    for verb, bulk, graph, first, count, request_id, deadline in _REQUEST.iter_unpack(records):
        yield Request(Verb(verb), request_id, graph, first, count, bool(bulk), deadline)


def answers(received: bytearray) -> Iterator[Answer]:
    """Take the complete answers out of `received`."""
    while len(received) >= _ANSWER.size:
        done, length, request_id, queue_ns, run_ns = _ANSWER.unpack_from(received)
        end = _ANSWER.size + length
        if len(received) < end:
            return
        detail = bytes(received[_ANSWER.size : end])
        del received[:end]
        error = _error_from_json(json.loads(detail)) if detail else None
        yield Answer(request_id, bool(done), queue_ns, run_ns, error)


def _error_to_json(error: BaseException) -> dict[str, Any]:
    """The record of an ArmoireError; of any other error, only its text."""
    if isinstance(error, ArmoireError):
        return error_to_record(error)
    return {"message": f"{type(error).__name__} in the device process: {error}"}


def _error_from_json(record: dict[str, Any]) -> Exception:
    """The error of a record; an error without a kind is unexpected, and the edge logs it."""
    return error_from_record(record) if "kind" in record else RuntimeError(record["message"])
