"""One remote call, apart from any channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from google.protobuf.message import Message

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Reply = TypeVar("Reply", bound=Message)


@dataclass(frozen=True, slots=True)
class Call(Generic[T_co]):
    """Where a call goes, what it sends, how its reply reads, whether it may be repeated."""

    path: str
    request: bytes
    parse: Callable[[bytes], T_co]
    repeatable: bool


def call_of(
    method: str, request: Message, reply: type[Reply], parse: Callable[[Reply], T], *, repeatable: bool = True
) -> Call[T]:
    """A call of `method`, such as "armoire.v1.CatalogService/Search"."""
    return Call(
        f"/{method}", request.SerializeToString(), lambda data: parse(reply.FromString(data)), repeatable
    )
