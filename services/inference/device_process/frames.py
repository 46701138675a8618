"""What an edge and the device say to each other: a greeting in JSON, then records of a fixed size.

The device speaks first (`Welcome`), the edge answers with the file of its shared memory and how many places
it has there for rows of each graph. From then on the edge sends `Request`s and the device `Answer`s, one for
each request to run, in any order; where that failed its error follows the answer's record as JSON.
"""

from __future__ import annotations

import json
import math
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, TypeAlias

from domain.error_record import error_from_record, error_to_record
from domain.errors import ArmoireError, FailedPrecondition
from services.inference.device_process.shared_rows import RowLayout

PROTOCOL = 1
"""Of both ends; they are always of one installation, so another number is an error."""

GREETING_S = 10.0
"""How long the other end may take to greet."""
RETRY_S = 0.1
"""From one try to reach it, or to let it in, to the next."""

_REQUEST = struct.Struct("<BBHIIQd")
_ANSWER = struct.Struct("<BxxxIQQQ")
_LENGTH = struct.Struct("<I")

Json: TypeAlias = dict[str, Any]


class Verb(IntEnum):
    """What an edge wants."""

    RUN = 1
    WITHDRAW = 2


@dataclass(frozen=True, slots=True)
class Request:
    """Run the rows in `count` places from `first` on, or withdraw that wish.

    `deadline` is on the clock of `time.monotonic`, which is the machine's, not the process's; infinite where
    there is none.
    """

    verb: Verb
    job: int
    graph: int = 0
    first: int = 0
    count: int = 0
    bulk: bool = False
    deadline: float = math.inf

    def pack(self) -> bytes:
        return _REQUEST.pack(
            self.verb, self.bulk, self.graph, self.first, self.count, self.job, self.deadline
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The job's outputs lie in its places; or its error, None where it was withdrawn."""

    job: int
    done: bool
    queue_ns: int = 0
    run_ns: int = 0
    error: BaseException | None = None

    def pack(self) -> bytes:
        detail = b"" if self.error is None else json.dumps(_error_to_json(self.error)).encode()
        return _ANSWER.pack(self.done, len(detail), self.job, self.queue_ns, self.run_ns) + detail


def requests(received: bytearray) -> Iterator[Request]:
    """The whole requests in `received`, which keeps the rest."""
    whole = len(received) - len(received) % _REQUEST.size
    records = bytes(received[:whole])
    del received[:whole]
    for verb, bulk, graph, first, count, job, deadline in _REQUEST.iter_unpack(records):
        yield Request(Verb(verb), job, graph, first, count, bool(bulk), deadline)


def answers(received: bytearray) -> Iterator[Answer]:
    """The whole answers in `received`, which keeps the rest."""
    while len(received) >= _ANSWER.size:
        done, length, job, queue_ns, run_ns = _ANSWER.unpack_from(received)
        end = _ANSWER.size + length
        if len(received) < end:
            return
        detail = bytes(received[_ANSWER.size : end])
        del received[:end]
        error = _error_from_json(json.loads(detail)) if detail else None
        yield Answer(job, bool(done), queue_ns, run_ns, error)


@dataclass(frozen=True, slots=True)
class GraphOnDevice:
    """A graph that the device runs, of which model, and what goes in and comes out."""

    name: str
    model_version: str
    preprocess_version: str
    provider: str
    rows: RowLayout


@dataclass(frozen=True, slots=True)
class Welcome:
    """The graphs that the device runs, in the order that requests count them by."""

    graphs: tuple[GraphOnDevice, ...]
    protocol: int = PROTOCOL

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, said: Json) -> Welcome:
        """Raises FailedPrecondition where the device is of another protocol."""
        if said["protocol"] != PROTOCOL:
            raise FailedPrecondition(
                f"the device process speaks protocol {said['protocol']}, this edge {PROTOCOL}: "
                "start both from one installation"
            )
        return cls(
            tuple(
                GraphOnDevice(**{**graph, "rows": RowLayout.from_json(graph["rows"])})
                for graph in said["graphs"]
            )
        )


def send_greeting(channel: socket.socket, said: Json, file: int | None = None) -> None:
    """JSON, with an open file where one goes along."""
    text = json.dumps(said).encode()
    files = [] if file is None else [file]
    socket.send_fds(channel, [_LENGTH.pack(len(text))], files)
    channel.sendall(text)


def receive_greeting(channel: socket.socket) -> tuple[Json, int | None]:
    """What was said, and the file that came along. Raises ConnectionError where the other end has gone."""
    header, files, _, _ = socket.recv_fds(channel, _LENGTH.size, 1)
    try:
        return json.loads(_receive_text(channel, header)), files[0] if files else None
    except BaseException:
        for file in files:
            os.close(file)
        raise


def _receive_text(channel: socket.socket, header: bytes) -> bytes:
    if len(header) < _LENGTH.size:
        raise ConnectionError("the other end closed the connection before it had greeted")
    (length,) = _LENGTH.unpack(header)
    text = bytearray()
    while len(text) < length:
        if not (piece := channel.recv(length - len(text))):
            raise ConnectionError("the other end closed the connection while it greeted")
        text += piece
    return bytes(text)


def _error_to_json(error: BaseException) -> Json:
    """The record of an error that has a meaning to callers; of any other, its text alone."""
    if isinstance(error, ArmoireError):
        return error_to_record(error)
    return {"message": f"{type(error).__name__} in the process with the models: {error}"}


def _error_from_json(record: Json) -> Exception:
    """An error without a kind has no meaning to callers: the edge logs it."""
    return error_from_record(record) if "kind" in record else RuntimeError(record["message"])
