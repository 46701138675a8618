"""A token with which a user gets a password."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_DAY_US = 86_400 * 1_000_000


class Purpose(StrEnum):
    """What a token is for."""

    INVITATION = "invitation"
    RESET = "reset"

    @property
    def lifetime_us(self) -> int:
        """7 days for an invitation, 1 day for a reset."""
        return 7 * _DAY_US if self is Purpose.INVITATION else _DAY_US


@dataclass(frozen=True, slots=True)
class UserToken:
    """What is kept of a token: the SHA-256 of its text, and when it ends, in microseconds since 1970."""

    digest: bytes
    user_id: str
    purpose: Purpose
    expire_us: int
