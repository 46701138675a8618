"""Tokens that lead from one page of a search to the next."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import astuple, dataclass

from domain.errors import InvalidInput
from services.catalog.search.query import (
    EmbeddingQuery,
    Example,
    ExamplesQuery,
    ImageQuery,
    Query,
    SearchOptions,
)


@dataclass(frozen=True, slots=True)
class PageToken:
    """Where a page starts.

    Attributes:
        fingerprint: the `request_fingerprint` of the search.
        collection: the name of the collection that was searched.
        offsets: for each query vector, the number of candidates that earlier pages consumed.
    """

    fingerprint: str
    collection: str
    offsets: tuple[int, ...]

    def encode(self) -> str:
        content = [self.fingerprint, self.collection, *self.offsets]
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def request_fingerprint(tenant_id: str, query: Query, options: SearchOptions) -> str:
    """A hash of everything in the request that can change the hits or their order."""
    hits = (
        *(options.filter, options.min_score, options.min_detection_score, options.group_by_product),
        *(options.collapse_copies, options.owned_too),
    )
    order = (options.top_k, options.rerank, options.rank_weights)
    text = repr((tenant_id, type(query).__name__, _query_facts(query), hits, order))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_page_token(text: str, fingerprint: str, max_offset: int) -> PageToken | None:
    """Decode a token and check that it belongs to the request with `fingerprint`; None if `text` is empty.

    Raises:
        InvalidInput: the token is damaged or belongs to another request.
    """
    if not text:
        return None
    token = _decode(text)
    if (
        token is None
        or token.fingerprint != fingerprint
        or not all(0 <= o <= max_offset for o in token.offsets)
    ):
        raise InvalidInput(
            "page_token",
            "is not the next_page_token of a response to this request: the query, top_k, filter, min_score, "
            "min_detection_score, skip_rerank, group_by_product, collapse_near_duplicates and rank_weights "
            "must stay the same",
        )
    return token


def page_offsets(token: PageToken | None, collection: str, query_count: int) -> tuple[int, ...]:
    """The offsets at which the page starts, one for each query vector; all are 0 without a token.

    Raises:
        InvalidInput: a model has changed since the token was issued.
    """
    if token is None:
        return (0,) * query_count
    if token.collection != collection or len(token.offsets) != query_count:
        raise InvalidInput("page_token", "was issued for another model; start again with the first page")
    return token.offsets


def _decode(text: str) -> PageToken | None:
    """None if `text` is not an encoded token."""
    try:
        fingerprint, collection, *offsets = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    if not all(type(offset) is int for offset in offsets):
        return None
    return PageToken(fingerprint, collection, tuple(offsets))


def _query_facts(query: Query) -> object:
    match query:
        case ImageQuery():
            return hashlib.sha256(query.content).hexdigest(), query.boxes
        case EmbeddingQuery():
            return hashlib.sha256(query.vector.tobytes()).hexdigest(), query.version
        case ExamplesQuery():
            return [list(map(_example_facts, examples)) for examples in (query.positive, query.negative)]
        case _:
            return astuple(query)


def _example_facts(example: Example) -> object:
    return type(example.query).__name__, _query_facts(example.query), example.weight
