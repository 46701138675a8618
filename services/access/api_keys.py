"""Keys are made, listed, rotated and revoked by administrators."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from domain.errors import InvalidInput, NotFound
from domain.types import OPERATOR_TENANT, Principal, Scope
from services.access.api_key import ApiKey, KeyText
from services.access.key_ring import KeyRing, now_us
from services.access.sql.keys import (
    insert_key,
    list_keys,
    lock_keys,
    read_all_keys,
    read_key,
    revoke_key,
    rotate_key,
)
from services.access.tenants import administered
from services.sql.database import Database

DEFAULT_PAGE, MAX_PAGE = 50, 1000
MAX_NAME_CHARS = 100
MAX_OVERLAP_S = 30 * 86_400.0
MAX_LIFETIME_S = 100 * 365 * 86_400.0
_TOKEN = re.compile(r"(\d{1,18})-([0-9a-f]{16})", re.ASCII)
_MICROSECONDS = 1_000_000


class ApiKeys:
    """What administrators do with keys; those of the operator's tenant with the keys of all."""

    def __init__(self, database: Database, ring: KeyRing, clock: Callable[[], int] = now_us) -> None:
        self._database = database
        self._ring = ring
        self._clock = clock

    async def create(
        self,
        principal: Principal,
        name: str,
        scopes: Collection[Scope],
        tenant: str = "",
        lifetime_s: float | None = None,
    ) -> tuple[ApiKey, KeyText]:
        """Make a key, of the caller's tenant unless another is named.

        Raises:
            InvalidInput: a field is out of its limits.
            PermissionDenied: the caller does not administer the tenant.
        """
        tenant_id = administered(principal, tenant or principal.tenant_id)
        _check_name(name)
        if not scopes:
            raise InvalidInput("scopes", "must name at least one scope")
        text, now = KeyText.new(), self._clock()
        key = ApiKey(text.id, tenant_id, name, frozenset(scopes), text.digest, now)
        key = replace(key, expire_us=_until("lifetime", now, lifetime_s, MAX_LIFETIME_S))
        await self._database.write(lambda session: insert_key(session, key))
        self._ring.hold([key])
        return key, text

    async def create_first(self, name: str) -> KeyText | None:
        """Make a key of the operator's tenant that may administer, where there is none; else return None.

        Of several processes that start at the same time, one makes it.
        """
        text, now = KeyText.new(), self._clock()
        key = ApiKey(text.id, OPERATOR_TENANT, name, frozenset((Scope.ADMIN,)), text.digest, now)

        def create(session: Session) -> bool:
            lock_keys(session)
            is_first = not any(each.administers(now) for each in read_all_keys(session))
            if is_first:
                insert_key(session, key)
            return is_first

        created = await self._database.write(create)
        await self._ring.refresh()
        return text if created else None

    async def list(
        self, principal: Principal, tenant: str = "", page_size: int = 0, page_token: str = ""
    ) -> tuple[Sequence[ApiKey], str]:
        """A page of keys, newest first, and the token of the next page, "" on the last one.

        Raises:
            InvalidInput: the page's size or token is wrong.
            PermissionDenied: the caller does not administer the tenant.
        """
        if not 0 <= page_size <= MAX_PAGE:
            raise InvalidInput(
                "page_size", f"must be from 1 to {MAX_PAGE}, or 0 for {DEFAULT_PAGE}, got {page_size}"
            )
        size, before = page_size or DEFAULT_PAGE, _read_token(page_token)
        tenants = [administered(principal, tenant)] if tenant else _tenants_of(principal)
        keys = await self._database.read(lambda session: list_keys(session, tenants, size + 1, before))
        last = keys[size - 1] if len(keys) > size else None
        return keys[:size], "" if last is None else f"{last.create_us}-{last.id}"

    async def rotate(
        self, principal: Principal, key_id: str, overlap_s: float | None = None
    ) -> tuple[ApiKey, KeyText]:
        """Give a key a new text; that of before works for `overlap_s`, or ends at once.

        Raises:
            InvalidInput: the overlap is out of its limits.
            NotFound: the caller administers no such key.
        """
        text, now = KeyText.new(key_id), self._clock()
        old_until_us = _until("overlap", now, overlap_s, MAX_OVERLAP_S) or 0

        def rotate(session: Session) -> None:
            rotate_key(session, _require(session, principal, key_id), text.digest, old_until_us)

        return await self._changed(principal, key_id, rotate), text

    async def revoke(self, principal: Principal, key_id: str) -> ApiKey:
        """Let a key open nothing any more.

        Raises:
            NotFound: the caller administers no such key.
        """
        now = self._clock()

        def revoke(session: Session) -> None:
            revoke_key(session, _require(session, principal, key_id).id, now)

        return await self._changed(principal, key_id, revoke)

    async def _changed(self, principal: Principal, key_id: str, change: Callable[[Session], None]) -> ApiKey:
        def work(session: Session) -> ApiKey:
            change(session)
            session.expire_all()
            return _require(session, principal, key_id)

        key = await self._database.write(work)
        self._ring.hold([key])
        return key


def _tenants_of(principal: Principal) -> Sequence[str] | None:
    """The tenants that a caller administers; None for all."""
    return None if principal.is_operator else [principal.tenant_id]


def _require(session: Session, principal: Principal, key_id: str) -> ApiKey:
    key = read_key(session, key_id, _tenants_of(principal))
    if key is None:
        raise NotFound("key", key_id[:80])
    return key


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise InvalidInput("name", f"must be 1 to {MAX_NAME_CHARS} printable characters, got {len(name)}")


def _until(field: str, now_us: int, seconds: float | None, most_s: float) -> int | None:
    if seconds is None:
        return None
    if not 0 < seconds <= most_s:
        raise InvalidInput(field, f"must be above 0 and at most {most_s:.0f} s, got {seconds:g} s")
    return now_us + round(seconds * _MICROSECONDS)


def _read_token(token: str) -> tuple[int, str] | None:
    if not token:
        return None
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise InvalidInput("page_token", "is not the next_page_token of an earlier page")
    return int(found[1]), found[2]
