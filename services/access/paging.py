"""Pages of what administrators list, newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from domain.errors import InvalidInput

T = TypeVar("T")
Position: TypeAlias = tuple[int, str]
"""Microseconds since 1970 and id of an entry, after which the next page begins."""

DEFAULT_PAGE, MAX_PAGE = 50, 1000
_TOKEN = re.compile(r"(\d{1,18})-([0-9a-f]{16})", re.ASCII)


def checked_size(page_size: int) -> int:
    """The number of entries of a page. Raises InvalidInput."""
    if not 0 <= page_size <= MAX_PAGE:
        raise InvalidInput(
            "page_size", f"must be from 1 to {MAX_PAGE}, or 0 for {DEFAULT_PAGE}, got {page_size}"
        )
    return page_size or DEFAULT_PAGE


def position_of(page_token: str) -> Position | None:
    """Where a page begins; None for the first one. Raises InvalidInput."""
    if not page_token:
        return None
    found = _TOKEN.fullmatch(page_token)
    if found is None:
        raise InvalidInput("page_token", "is not the next_page_token of an earlier page")
    return int(found[1]), found[2]


def cut_page(found: Sequence[T], size: int, position: Callable[[T], Position]) -> tuple[Sequence[T], str]:
    """A page of the entries, of which one more is found where there are more; and the next page's token."""
    if len(found) <= size:
        return found, ""
    moment_us, id = position(found[size - 1])
    return found[:size], f"{moment_us}-{id}"
