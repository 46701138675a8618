"""Requests made once and sent many times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from armoire.call import Call
from armoire.calls.inference import analyze, detect, embed_images, embed_texts
from armoire.calls.search import Query, SearchOptions, Where, search
from armoire.calls.server import get_inference_limits
from armoire.photos import Photo, PhotoSource

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
        "analyze": analyze,
        "detect": detect,
        "embed": embed_images,
    }
    make = kinds[rpc]
    return _requests(rpc, [make(group) for group in _groups(photos, images_per_call)], images_per_call)


def text_requests(texts: Sequence[str], texts_per_call: int = 1) -> Requests:
    """Calls of embed-text that take the texts in turn."""
    made = [embed_texts(group) for group in _groups(texts, texts_per_call)]
    return _requests("embed-text", made, texts_per_call)


def search_requests(
    photos: Sequence[bytes] = (),
    texts: Sequence[str] = (),
    item_ids: Sequence[str] = (),
    where: Where = (),
    top_k: int = 10,
) -> Requests:
    """One search for each photo, text and item."""
    queries = [
        *(Query(photo=photo) for photo in photos),
        *(Query(text=text) for text in texts),
        *(Query(item_id=item_id) for item_id in item_ids),
    ]
    options = SearchOptions(where=where, top_k=top_k)
    return _requests("search", [search(query, options) for query in queries], 1)


def empty_request() -> Requests:
    """The call that does the least: it asks for the server's limits."""
    return _requests("empty", [get_inference_limits()], 1)


def _groups(inputs: Sequence[T], size: int) -> list[list[T]]:
    """Groups of `size` that take the inputs in turn; the last one begins again from the first."""
    starts = range(0, len(inputs), size)
    return [[inputs[index % len(inputs)] for index in range(start, start + size)] for start in starts]


def _requests(rpc: str, made: Sequence[Call[Any]], inputs_per_call: int) -> Requests:
    return Requests(rpc, made[0].path, tuple(call.request for call in made), inputs_per_call)
