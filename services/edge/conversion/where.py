"""Filters of lists, which are written as a text."""

from __future__ import annotations

import armoire
from armoire.filters import parse_where
from armoire.messages.search import filter_to_proto
from domain.errors import InvalidInput
from services.catalog.limits import CatalogLimits, check_text
from services.catalog.search.filter import Filter
from services.edge.conversion.search import filter_from_proto

MAX_CHARS = 4096


def filter_from_text(text: str, limits: CatalogLimits) -> Filter:
    """The request's field `where`; a filter that lets all through where it is empty.

    Raises:
        InvalidInput: it is too long, cannot be read, or holds too much.
    """
    text = check_text("where", text, MAX_CHARS)
    try:
        return filter_from_proto(filter_to_proto(parse_where(text)), limits)
    except armoire.InvalidInput as error:
        (violation,) = error.violations
        raise InvalidInput("where", violation.description, reason=error.reason) from None
    except InvalidInput as error:
        raise InvalidInput("where", error.violations[0].description) from None
