"""Keys are made, listed, rotated and revoked by administrators."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, datetime_from_us, now_us
from domain.errors import InvalidInput, NotFound
from domain.types import OPERATOR_TENANT, SERVER, Principal, Scope
from services.access.api_key import ApiKey, KeyText
from services.access.initial_keys import InitialKey
from services.access.key_ring import KeyRing
from services.access.paging import checked_size, cut_page, position_of
from services.access.sql.keys import (
    insert_key,
    list_keys,
    lock_keys,
    read_all_keys,
    read_key,
    revoke_key,
    rotate_key,
)
from services.access.tenants import administered, administered_tenants
from services.audit.record import Change, Facts
from services.audit.trail import AuditTrail, Changed
from services.sql.database import Database

MAX_NAME_CHARS = 100
MAX_OVERLAP_S = 30 * 86_400.0
MAX_LIFETIME_S = 100 * 365 * 86_400.0


class ApiKeys:
    """What administrators do with keys; those of the operator's tenant with the keys of all."""

    def __init__(
        self, database: Database, trail: AuditTrail, ring: KeyRing, clock: Callable[[], int] = now_us
    ) -> None:
        self._database = database
        self._trail = trail
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

        def create(session: Session) -> Changed[None]:
            insert_key(session, key)
            return None, _change(None, key)

        await self._trail.write(principal, create)
        self._ring.hold([key])
        return key, text

    async def create_first(self, name: str) -> KeyText | None:
        """Make a key of the operator's tenant that may administer, where there is none; else return None.

        Of several processes that start at the same time, one makes it.
        """
        text, now = KeyText.new(), self._clock()
        key = ApiKey(text.id, OPERATOR_TENANT, name, frozenset((Scope.ADMIN,)), text.digest, now)

        def create(session: Session) -> Changed[bool]:
            lock_keys(session)
            if any(each.administers(now) for each in read_all_keys(session)):
                return False, None
            insert_key(session, key)
            return True, _change(None, key)

        created = await self._trail.write(SERVER, create)
        await self._ring.refresh()
        return text if created else None

    async def create_initial(self, initial: Sequence[InitialKey]) -> int:
        """Make those keys whose ids nobody has; returns how many. One that was changed or revoked stays so.

        Of several processes that start at the same time, one makes them.
        """
        now = self._clock()

        def create(session: Session) -> tuple[int, list[Change]]:
            lock_keys(session)
            known = {key.id for key in read_all_keys(session)}
            made = [_of_settings(key, now) for key in initial if key.text.id not in known]
            for key in made:
                insert_key(session, key)
            return len(made), [change for key in made if (change := _change(None, key))]

        created = await self._trail.write_all(SERVER, create)
        await self._ring.refresh()
        return created

    async def list(
        self, principal: Principal, tenant: str = "", page_size: int = 0, page_token: str = ""
    ) -> tuple[Sequence[ApiKey], str]:
        """A page of keys, newest first, and the token of the next page, "" on the last one.

        Raises:
            InvalidInput: the page's size or token is wrong.
            PermissionDenied: the caller does not administer the tenant.
        """
        size, before = checked_size(page_size), position_of(page_token)
        tenants = administered_tenants(principal, tenant)
        keys = await self._database.read(lambda session: list_keys(session, tenants, size + 1, before))
        return cut_page(keys, size, lambda key: (key.create_us, key.id))

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

        def rotate(session: Session, key: ApiKey) -> None:
            rotate_key(session, key, text.digest, old_until_us)

        return await self._changed(principal, key_id, rotate), text

    async def revoke(self, principal: Principal, key_id: str) -> ApiKey:
        """Let a key open nothing any more.

        Raises:
            NotFound: the caller administers no such key.
        """
        now = self._clock()

        def revoke(session: Session, key: ApiKey) -> None:
            revoke_key(session, key.id, now)

        return await self._changed(principal, key_id, revoke)

    async def _changed(
        self, principal: Principal, key_id: str, change: Callable[[Session, ApiKey], None]
    ) -> ApiKey:
        def work(session: Session) -> Changed[ApiKey]:
            before = _require(session, principal, key_id)
            change(session, before)
            session.expire_all()
            after = _require(session, principal, key_id)
            return after, _change(before, after)

        key = await self._trail.write(principal, work)
        self._ring.hold([key])
        return key


def _of_settings(key: InitialKey, now_us: int) -> ApiKey:
    return ApiKey(key.text.id, key.tenant_id, "of the settings", key.scopes, key.text.digest, now_us)


def _change(before: ApiKey | None, after: ApiKey) -> Change | None:
    """The change of a key, which is new where there is none before; None if nothing differs."""
    facts, rotated = _facts(after), before is not None and before.digest != after.digest
    earlier = {} if before is None else _facts(before)
    return Change.between(f"keys/{after.id}", earlier, {**facts, "rotated": rotated or None}, after.tenant_id)


def _facts(key: ApiKey) -> Facts:
    return {
        "name": key.name,
        "scopes": sorted(scope.value for scope in key.scopes),
        "expire_time": _time_text(key.expire_us),
        "revoke_time": _time_text(key.revoke_us),
        "old_text_until": _time_text(key.old_until_us),
    }


def _time_text(moment_us: int | None) -> str:
    """In ISO 8601; "" for None and 0."""
    return datetime_from_us(moment_us).isoformat() if moment_us else ""


def _require(session: Session, principal: Principal, key_id: str) -> ApiKey:
    key = read_key(session, key_id, administered_tenants(principal))
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
    return now_us + round(seconds * MICROSECONDS)
