"""Calls of several inputs, each of which has a result or an error of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

from google.rpc import status_pb2

from armoire.call import Call
from armoire.errors import ArmoireError, InvalidInput, ServerError
from armoire.messages.types import photo_to_proto
from armoire.photos import Photo, PhotoSource
from armoire.status import error_from_status
from armoire.v1 import types_pb2

T = TypeVar("T")
Outcomes: TypeAlias = tuple[T | ArmoireError, ...]


class Result(Protocol):
    """A result of the protos that holds a value or an error."""

    @property
    def error(self) -> status_pb2.Status: ...
    def WhichOneof(self, oneof_group: str) -> str | None: ...  # noqa: N802 - protobuf's name


R = TypeVar("R", bound=Result)


@dataclass(slots=True)
class Batch:
    """The photos of one call. One whose file cannot be read is sent without content, and its own error
    kept."""

    images: list[types_pb2.ImageInput] = field(default_factory=list)
    unreadable: dict[int, InvalidInput] = field(default_factory=dict)

    @classmethod
    def of(cls, photos: Sequence[PhotoSource | Photo]) -> Batch:
        batch = cls()
        for position, photo in enumerate(photos):
            try:
                batch.images.append(photo_to_proto(photo))
            except InvalidInput as error:
                batch.images.append(types_pb2.ImageInput(content=b""))
                batch.unreadable[position] = error
        return batch

    def outcomes(self, results: Iterable[R], read: Callable[[R], T]) -> Outcomes[T]:
        """A result or an error for each photo, in their order."""
        found = outcomes(results, read)
        return tuple(self.unreadable.get(position, outcome) for position, outcome in enumerate(found))


def outcomes(results: Iterable[R], read: Callable[[R], T]) -> Outcomes[T]:
    """A result or an error for each input, in their order."""
    return tuple(
        error_from_status(result.error) if result.WhichOneof("outcome") == "error" else read(result)
        for result in results
    )


def only(call: Call[Outcomes[T]]) -> Call[T]:
    """The same call for one input: its result, or its error raised."""

    def parse(reply: bytes) -> T:
        found = call.parse(reply)
        if len(found) != 1:
            raise ServerError(f"expected 1 result from {call.path}, got {len(found)}")
        if isinstance(found[0], ArmoireError):
            raise found[0]
        return found[0]

    return Call(call.path, call.request, parse, call.repeatable)
