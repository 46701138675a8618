"""A user: a person who signs in with an e-mail address and a password."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import InvalidInput
from domain.types import Principal, Scope

MAX_EMAIL_CHARS = 254
"""Source: RFC 5321, errata 1690."""
MAX_NAME_CHARS = 100
KIND = "user:"
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]+")


class Role(StrEnum):
    """What a user may do: each role has the scopes of the one before it, and more."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


_VIEWER = frozenset({Scope.INFER, Scope.READ})
_REVIEWER = _VIEWER | {Scope.REVIEW}
_EDITOR = _REVIEWER | {Scope.WRITE}
ROLE_SCOPES: Mapping[Role, frozenset[Scope]] = {
    Role.VIEWER: _VIEWER,
    Role.REVIEWER: _REVIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMINISTRATOR: _EDITOR | {Scope.ADMIN},
}


@dataclass(frozen=True, slots=True)
class User:
    """What is kept of a user. Times are microseconds since 1970.

    Attributes:
        password_hash: of argon2id, in the PHC string format; "" until an invitation is accepted.
        disable_us: when the user was disabled; None if that is not so.
        last_sign_in_us: None if the user never signed in.
    """

    id: str
    tenant_id: str
    email: str
    display_name: str
    role: Role
    create_us: int
    password_hash: str = ""
    disable_us: int | None = None
    last_sign_in_us: int | None = None

    @property
    def disabled(self) -> bool:
        return self.disable_us is not None

    @property
    def principal(self) -> Principal:
        return Principal(self.tenant_id, f"{KIND}{self.id}", ROLE_SCOPES[self.role])


def new_user_id() -> str:
    """A random id."""
    return secrets.token_hex(8)


def user_id_of(principal: Principal) -> str | None:
    """The id of the user who calls; None if the caller is none of this server's users."""
    return principal.subject.removeprefix(KIND) if principal.subject.startswith(KIND) else None


def email_key(email: str) -> str:
    """What two spellings of an e-mail address have in common."""
    return email.strip().casefold()


def check_email(email: str) -> None:
    """Raise InvalidInput for what cannot be an e-mail address."""
    if len(email) > MAX_EMAIL_CHARS or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidInput(
            "email",
            f"must be an e-mail address of at most {MAX_EMAIL_CHARS} characters",
        )


def check_display_name(field: str, name: str) -> None:
    """Raise InvalidInput for a name that is empty, too long or not printable."""
    if not name.strip() or len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise InvalidInput(field, f"must be 1 to {MAX_NAME_CHARS} printable characters, got {len(name)}")
