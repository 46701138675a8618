"""API keys: their text, and what is kept of them.

A key reads `armoire_ID_SECRET`. The secret has 256 random bits and is kept as its SHA-256: a fast hash is
enough for a secret that cannot be guessed. Source: OWASP, Cryptographic Storage Cheat Sheet.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from domain.types import Principal, Scope

PREFIX = "armoire"
_TEXT = re.compile(rf"{PREFIX}_([0-9a-f]{{16}})_([\w-]{{43}})", re.ASCII)
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyText:
    """The text of a key, which only its owner has."""

    id: str
    secret: str

    @classmethod
    def new(cls, id: str = "") -> KeyText:
        """A text with a random secret, of a new key unless `id` names one."""
        return cls(id or secrets.token_hex(8), secrets.token_urlsafe(_SECRET_BYTES))

    @classmethod
    def parse(cls, text: str) -> KeyText | None:
        """The parts of a text; None if it cannot be that of a key."""
        found = _TEXT.fullmatch(text)
        return cls(*found.groups()) if found else None

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the secret."""
        return hashlib.sha256(self.secret.encode()).digest()

    def __str__(self) -> str:
        return f"{PREFIX}_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"KeyText(id={self.id!r}, secret='***')"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of a key. Times are microseconds since 1970.

    Attributes:
        digest: the SHA-256 of the secret.
        old_digest: that of the secret before the last rotation, which works until `old_until_us`.
        expire_us: when the key ends; None if it does not.
        revoke_us: when it was revoked.
        last_use_us: when it was used last, to the minute.
    """

    id: str
    tenant_id: str
    name: str
    scopes: frozenset[Scope]
    digest: bytes
    create_us: int
    expire_us: int | None = None
    revoke_us: int | None = None
    last_use_us: int | None = None
    old_digest: bytes = b""
    old_until_us: int = 0
    principal: Principal = field(init=False, repr=False, compare=False)
    """Who calls with this key; every call asks for it."""

    def __post_init__(self) -> None:
        principal = Principal(self.tenant_id, f"key:{self.id}", self.scopes)
        object.__setattr__(self, "principal", principal)

    def opens(self, text: KeyText, now_us: int) -> bool:
        """Whether the text is this key's. Comparing takes as long for any other text."""
        given = text.digest
        now_held = hmac.compare_digest(self.digest, given)
        old_held = hmac.compare_digest(self.old_digest, given) and now_us < self.old_until_us
        return now_held or old_held

    def works(self, now_us: int) -> bool:
        """Whether the key is neither revoked nor expired."""
        return self.revoke_us is None and (self.expire_us is None or now_us < self.expire_us)

    def administers(self, now_us: int) -> bool:
        """Whether the key works, and is that of an administrator of the server."""
        return self.works(now_us) and self.principal.is_operator and Scope.ADMIN in self.scopes
