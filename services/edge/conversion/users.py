"""Users and their roles."""

from __future__ import annotations

from armoire.v1 import users_pb2
from domain.errors import InvalidInput
from services.access.user import Role, User
from services.access.users import UserChange
from services.edge.conversion.types import time_from_us

_ROLES = {users_pb2.Role.Value(f"ROLE_{role.name}"): role for role in Role}
_CHANGED = ("display_name", "role", "disabled")


def user_to_proto(user: User) -> users_pb2.User:
    """A user without the password's hash."""
    return users_pb2.User(
        id=user.id,
        tenant=user.tenant_id,
        email=user.email,
        display_name=user.display_name,
        role=f"ROLE_{user.role.name}",
        disabled=user.disabled,
        has_password=bool(user.password_hash),
        create_time=time_from_us(user.create_us),
        last_sign_in_time=time_from_us(user.last_sign_in_us),
    )


def role_from_proto(field: str, number: int) -> Role:
    """Raises InvalidInput for a number that is no role's."""
    if number not in _ROLES:
        raise InvalidInput(field, f"must be one of {', '.join(f'ROLE_{role.name}' for role in Role)}")
    return _ROLES[number]


def change_from_proto(user: users_pb2.User, paths: list[str]) -> UserChange:
    """What `paths` name, or, without any, the fields that are filled in. Raises InvalidInput."""
    for path in paths:
        if path not in (*_CHANGED, "*"):
            raise InvalidInput("update_mask", f"must name {', '.join(_CHANGED)} or *, got {path[:80]!r}")
    filled = [name for name in _CHANGED if getattr(user, name)]
    named = _CHANGED if "*" in paths else paths or filled
    return UserChange(
        display_name=user.display_name if "display_name" in named else None,
        role=role_from_proto("user.role", user.role) if "role" in named else None,
        disabled=user.disabled if "disabled" in named else None,
    )
