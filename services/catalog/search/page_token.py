"""Tokens that lead from one page of a search to the next."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple

from domain.errors import InvalidInput
from services.catalog.search.query import EmbeddingQuery, ImageQuery, Query, SearchOptions


def request_fingerprint(tenant_id: str, query: Query, options: SearchOptions, collection: str) -> str:
    """Differs where two searches may have different hits, in number or order."""
    asked = (options.top_k, options.filter, options.rerank, options.min_score, options.min_detection_score)
    text = repr((tenant_id, collection, type(query).__name__, _query_facts(query), asked))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_page_token(fingerprint: str, offsets: Sequence[int]) -> str:
    """`offsets` says for each query vector how many of its ranked rows were used."""
    return base64.urlsafe_b64encode(json.dumps([fingerprint, *offsets]).encode()).decode()


def read_page_token(token: str, fingerprint: str, queries: int, max_offset: int) -> tuple[int, ...]:
    """The offsets of the page, 0 each for an empty token.

    Raises:
        InvalidInput: the token is not of this request, or the model has changed since.
    """
    if not token:
        return (0,) * queries
    try:
        mark, *offsets = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        mark, offsets = None, []
    if mark != fingerprint or len(offsets) != queries or not all(_is_offset(o, max_offset) for o in offsets):
        raise InvalidInput(
            "page_token",
            "is not the next_page_token of a response to this request; all other fields must stay the same",
        )
    return tuple(offsets)


def _is_offset(value: object, max_offset: int) -> bool:
    return type(value) is int and 0 <= value <= max_offset


def _query_facts(query: Query) -> object:
    match query:
        case ImageQuery():
            return hashlib.sha256(query.content).hexdigest(), query.boxes
        case EmbeddingQuery():
            return hashlib.sha256(query.vector.tobytes()).hexdigest(), query.version
        case _:
            return astuple(query)
