"""Pages of a list, newest first, and the opaque tokens that lead from one to the next."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from domain.errors import InvalidInput
from domain.types import Principal
from services.catalog.ids import check_id
from services.catalog.limits import CatalogLimits

T = TypeVar("T")

_PART = 200
_MOST_LOOKED_AT = 5000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next_token` is empty on the last page."""

    entries: tuple[T, ...]
    next_token: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page starts: `size` entries with ids below `before`; `scope` names tenant, list and filter."""

    size: int
    before: str | None
    scope: str


def read_cursor(
    limits: CatalogLimits, principal: Principal, list_name: str, page_size: int, page_token: str
) -> Cursor:
    """The cursor of a list request; sizes over the limit are cut to it. A token belongs to a tenant, too.

    Raises:
        InvalidInput: a negative size, or a token that is not of this list.
    """
    if page_size < 0:
        raise InvalidInput("page_size", f"must be 0 to {limits.max_page_size}, got {page_size}")
    size = min(page_size or limits.default_page_size, limits.max_page_size)
    scope = f"{principal.tenant_id} {list_name}"
    return Cursor(size, _read_token(scope, page_token) if page_token else None, scope)


def cut_page(cursor: Cursor, entries: Sequence[T], id_of: Callable[[T], str]) -> Page[T]:
    """A page of `entries`, which hold one more than the page's size where there is a next page."""
    shown = tuple(entries[: cursor.size])
    more = len(entries) > cursor.size
    return Page(shown, _write_token(cursor.scope, id_of(shown[-1])) if more else "")


def look_through(
    cursor: Cursor,
    read: Callable[[Cursor], Sequence[T]],
    passing: Callable[[Sequence[T]], Sequence[T]],
    id_of: Callable[[T], str],
) -> Page[T]:
    """A page of the entries that pass, of which `read` has some and one more where there are further ones.

    It looks at no more than `_MOST_LOOKED_AT` entries, so that a page may have fewer than asked for.
    """
    found: list[T] = []
    part = replace(cursor, size=_PART)
    for _ in range(_MOST_LOOKED_AT // _PART):
        some = read(part)
        found += passing(some[:_PART])
        if len(found) > cursor.size or len(some) <= _PART:
            return cut_page(cursor, found, id_of)
        part = replace(part, before=id_of(some[_PART - 1]))
    return Page(tuple(found), _write_token(cursor.scope, str(part.before)))


def _write_token(scope: str, before: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([_scope_hash(scope), before]).encode()).decode()


def _read_token(scope: str, token: str) -> str:
    try:
        scope_hash, before = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
        if scope_hash == _scope_hash(scope):
            return check_id("page_token", str(before))
    except (ValueError, TypeError, binascii.Error, RecursionError, InvalidInput):
        pass
    raise InvalidInput("page_token", "is not a next_page_token of this list with these filters")


def _scope_hash(scope: str) -> str:
    return hashlib.sha256(scope.encode()).hexdigest()[:12]
