"""How far a bulk run has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """Attributes:
    done: photos whose outcome has been handed out, failed ones included.
    failed: photos whose outcome is an error.
    total: all photos; None where the photos do not say how many they are.
    resumed: how often the run went on after the server had gone.
    """

    done: int
    failed: int
    total: int | None
    resumed: int
