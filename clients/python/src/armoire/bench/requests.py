"""Requests made once and sent many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from armoire import calls
from armoire.photos import Photo, PhotoSource
from armoire.transport import Call

T = TypeVar("T")
MakeCall: TypeAlias = Callable[[Sequence[PhotoSource | Photo]], Call[Any]]


@dataclass(frozen=True, slots=True)
class Requests:
    """The bodies of calls of one method, ready to send, with so many photos or texts in each."""

    rpc: str
    path: str
    bodies: tuple[bytes, ...]
    inputs_per_call: int = 1


def photo_requests(rpc: str, photos: Sequence[bytes], images_per_call: int = 1) -> Requests:
    """Calls of analyze, detect or embed that take the photos in turn."""
    kinds: Mapping[str, MakeCall] = {
        "analyze": calls.analyze,
        "detect": calls.detect,
        "embed": calls.embed_images,
    }
    make = kinds[rpc]
    return _requests(rpc, [make(group) for group in _groups(photos, images_per_call)], images_per_call)


def text_requests(texts: Sequence[str], texts_per_call: int = 1) -> Requests:
    """Calls of embed-text that take the texts in turn."""
    made = [calls.embed_texts(group) for group in _groups(texts, texts_per_call)]
    return _requests("embed-text", made, texts_per_call)


def search_requests(
    photos: Sequence[bytes] = (),
    texts: Sequence[str] = (),
    item_ids: Sequence[str] = (),
    where: calls.Where = (),
    top_k: int = 10,
) -> Requests:
    """One search for each photo, text and item."""
    made = [
        *(calls.search(photo, where=where, top_k=top_k) for photo in photos),
        *(calls.search(text=text, where=where, top_k=top_k) for text in texts),
        *(calls.search(item_id=item_id, where=where, top_k=top_k) for item_id in item_ids),
    ]
    return _requests("search", made, 1)


def empty_request() -> Requests:
    """The call that does the least: it asks for the server's limits."""
    return _requests("empty", [calls.get_inference_limits()], 1)


def _groups(inputs: Sequence[T], size: int) -> list[list[T]]:
    """Groups of `size` that take the inputs in turn; the last one begins again from the first."""
    starts = range(0, len(inputs), size)
    return [[inputs[index % len(inputs)] for index in range(start, start + size)] for start in starts]


def _requests(rpc: str, made: Sequence[Call[Any]], inputs_per_call: int) -> Requests:
    return Requests(rpc, made[0].path, tuple(call.request for call in made), inputs_per_call)
