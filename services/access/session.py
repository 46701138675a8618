"""A session: what a cookie stands for from sign-in to sign-out."""

from __future__ import annotations

from dataclasses import dataclass

_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """Attributes:
    idle_s: a session ends that is not used for this long.
    lifetime_s: a session ends this long after its sign-in.
    per_user: a user has at most so many; one more ends the one that was used least recently.
    """

    idle_s: float = 8 * 3600.0
    lifetime_s: float = 7 * 86_400.0
    per_user: int = 10

    @property
    def idle_us(self) -> int:
        return round(self.idle_s * _SECOND_US)

    @property
    def lifetime_us(self) -> int:
        return round(self.lifetime_s * _SECOND_US)


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of a session. Times are microseconds since 1970.

    Attributes:
        digest: the SHA-256 of the cookie's text.
        last_use_us: to the minute.
        expire_us: when it ends, however much it is used.
    """

    digest: bytes
    user_id: str
    create_us: int
    last_use_us: int
    expire_us: int

    def lives(self, now_us: int, idle_us: int) -> bool:
        """Whether it has neither expired nor been idle for too long."""
        return now_us < self.expire_us and now_us - self.last_use_us < idle_us
