"""The audit records that administrators read."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import InvalidInput
from domain.types import Principal
from services.access.paging import Position, checked_size, cut_page, position_of
from services.access.tenants import administered_tenants
from services.audit.audit_filter import AuditFilter
from services.audit.record import AuditRecord
from services.audit.trail import AuditTrail

MAX_FILTER_CHARS = 300


@dataclass(frozen=True, slots=True)
class AuditRecords:
    """The records of several databases, as if they were in one."""

    trails: Sequence[AuditTrail]

    async def list(
        self,
        principal: Principal,
        wanted: AuditFilter,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
    ) -> tuple[Sequence[AuditRecord], str]:
        """A page of records, newest first, and the token of the next page, "" on the last one.

        Raises:
            InvalidInput: a filter, or the page's size or token, is wrong.
            PermissionDenied: the caller does not administer the tenant.
        """
        for name in ("actor", "action", "resource_prefix"):
            _check_text(name, getattr(wanted, name))
        size, before = checked_size(page_size), position_of(page_token)
        wanted = replace(wanted, tenants=administered_tenants(principal, tenant))
        found = [await trail.list(wanted, size + 1, before) for trail in self.trails]
        merged = heapq.merge(*found, key=_position, reverse=True)
        # Databases that two settings name differently may be the same one.
        distinct = (record for _, (record, *_) in itertools.groupby(merged, _position))
        return cut_page(list(itertools.islice(distinct, size + 1)), size, _position)


def _position(record: AuditRecord) -> Position:
    return record.time_us, record.id


def _check_text(field: str, text: str) -> None:
    if len(text) > MAX_FILTER_CHARS or not text.isprintable():
        raise InvalidInput(field, f"must be at most {MAX_FILTER_CHARS} printable characters, got {len(text)}")
