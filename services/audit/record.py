"""A record of a change: who made it, and what was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from domain.clock import datetime_from_us

MAX_TEXT_CHARS = 200
"""Longer texts are cut in a record; it tells what was changed, and is no copy of the data."""

Facts: TypeAlias = Mapping[str, Any]
"""Values of JSON by name."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a call has changed.

    Attributes:
        resource: what was changed, such as "products/ID".
        before: the facts that differ, as they were; none of what is new.
        after: the same facts as they are now; none of what is gone.
        tenant_id: whose resource it is; "" for the caller's.
        end_user: whose it is among the end users; "" for the one that the caller has named for the call.
    """

    resource: str
    before: Facts = field(default_factory=dict)
    after: Facts = field(default_factory=dict)
    tenant_id: str = ""
    end_user: str = ""

    @classmethod
    def between(cls, resource: str, before: Facts, after: Facts, tenant_id: str = "") -> Change | None:
        """A change with only those facts that differ, None if there are none; empty facts are left out."""
        differing = {name for name in {**before, **after} if before.get(name) != after.get(name)}
        left, right = _side(before, differing, after), _side(after, differing, before)
        return cls(resource, left, right, tenant_id) if left or right else None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A change with its circumstances. It has no key texts, vectors or pictures.

    Attributes:
        time_us: microseconds since 1970, UTC.
        actor: who made the change, as `Principal.subject`.
        end_user: for whom, if the caller has said so.
        action: the name of the call, such as "CreateProduct"; "" for what a server does by itself.
    """

    time_us: int
    id: str
    tenant_id: str
    actor: str
    end_user: str
    action: str
    resource: str
    before: Facts
    after: Facts
    request_id: str

    def as_json(self) -> dict[str, Any]:
        """The record by the names that `armoire admin audit --json` gives its fields."""
        names = ("actor", "end_user", "action", "resource", "before", "after", "request_id")
        others = {name: getattr(self, name) for name in names}
        return {
            "id": self.id,
            "create_time": datetime_from_us(self.time_us).isoformat(),
            "tenant": self.tenant_id,
            **others,
        }

    def shortened(self) -> AuditRecord:
        """The record with its long texts cut."""
        return replace(self, before=_cut(self.before), after=_cut(self.after))


def _side(facts: Facts, names: set[str], other: Facts) -> dict[str, Any]:
    """Those facts that are named; of a mapping only the entries that differ from the other one's."""
    side: dict[str, Any] = {}
    for name in sorted(names):
        value, opposite = facts.get(name), other.get(name)
        if isinstance(value, Mapping):
            entries = opposite if isinstance(opposite, Mapping) else {}
            value = _side(value, {key for key in value if value[key] != entries.get(key)}, entries)
        if value not in (None, "", {}, []):
            side[name] = value
    return side


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARS:
        return f"{value[:MAX_TEXT_CHARS]}... ({len(value)} characters)"
    if isinstance(value, Mapping):
        return {name: _cut(each) for name, each in value.items()}
    return value
