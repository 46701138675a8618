"""How changes are recorded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """Attributes:
    retention_days: after which records are removed; 0 keeps them.
    indexing: whether each photo that is indexed has a record.
    """

    retention_days: int = 365
    indexing: bool = True
