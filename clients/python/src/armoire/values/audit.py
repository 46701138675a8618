"""What was changed on a server, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A change.

    Attributes:
        tenant: whose resource was changed.
        actor: who made the change, such as "key:3f2a91c04d7e55b0".
        end_user: for whom, if the caller has said so.
        action: the name of the call, such as "CreateProduct"; "" for what the server does by itself.
        resource: what was changed, such as "products/ID".
        before: the fields that differ, as they were; what was empty is left out.
        after: the same fields afterwards; what is empty now is left out.
    """

    id: str
    create_time: datetime | None
    tenant: str
    actor: str
    end_user: str
    action: str
    resource: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""
