"""People who sign in to a server's web page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.admin import Scope
from armoire.values.types import WireEnum


class Role(WireEnum):
    """What a user may do; each role has the scopes of the one before it, and more.

    VIEWER: infer, read. REVIEWER: review. EDITOR: write. ADMINISTRATOR: admin.
    """

    VIEWER = "VIEWER"
    REVIEWER = "REVIEWER"
    EDITOR = "EDITOR"
    ADMINISTRATOR = "ADMINISTRATOR"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class User:
    """A user of the web page.

    Attributes:
        disabled: whether the user may not sign in.
        has_password: whether an invitation or a reset was accepted.
        last_sign_in_time: None if the user never signed in.
    """

    id: str
    email: str
    display_name: str
    role: Role
    tenant: str
    disabled: bool = False
    has_password: bool = False
    create_time: datetime | None = None
    last_sign_in_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new user, with the token for the first password, which the server does not tell again."""

    user: User
    token: str = field(repr=False)
    expire_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """The token for another password, which the server does not tell again."""

    token: str = field(repr=False)
    expire_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Me:
    """Who calls.

    Attributes:
        subject: the kind and id, such as "key:0123456789abcdef"; "anonymous" where nobody needs a key.
        user: None if the caller is no user of the server.
    """

    subject: str
    tenant: str
    scopes: tuple[Scope, ...]
    user: User | None = None
