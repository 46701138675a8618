"""Messages of users."""

from __future__ import annotations

from armoire.messages.admin import scope_from_proto
from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.v1 import account_pb2, admin_pb2, users_pb2
from armoire.values.users import Invitation, Me, PasswordReset, Role, User


def user_from_proto(user: users_pb2.User) -> User:
    return User(
        id=user.id,
        email=user.email,
        display_name=user.display_name,
        role=_role_from_proto(user.role),
        tenant=user.tenant,
        disabled=user.disabled,
        has_password=user.has_password,
        create_time=time_from_proto(user.create_time),
        last_sign_in_time=time_from_proto(user.last_sign_in_time),
    )


def invitation_from_proto(reply: admin_pb2.InviteUserResponse) -> Invitation:
    return Invitation(user_from_proto(reply.user), reply.token, time_from_proto(reply.expire_time))


def password_reset_from_proto(reply: admin_pb2.CreatePasswordResetResponse) -> PasswordReset:
    return PasswordReset(reply.token, time_from_proto(reply.expire_time))


def me_from_proto(reply: account_pb2.GetMeResponse) -> Me:
    user = user_from_proto(reply.user) if reply.HasField("user") else None
    return Me(reply.subject, reply.tenant, tuple(map(scope_from_proto, reply.scopes)), user)


_role_from_proto = enum_reader(Role, users_pb2.Role.items(), "ROLE_")
