"""Calls on the users of a server, and on the caller's own account."""

from __future__ import annotations

from google.protobuf.field_mask_pb2 import FieldMask

from armoire.call import Call, call_of
from armoire.messages.users import (
    invitation_from_proto,
    me_from_proto,
    password_reset_from_proto,
    user_from_proto,
)
from armoire.v1 import account_pb2, admin_pb2, users_pb2
from armoire.values.types import Page
from armoire.values.users import Invitation, Me, PasswordReset, Role, User


def invite_user(email: str, role: Role | str, display_name: str, tenant: str) -> Call[Invitation]:
    return call_of(
        "armoire.v1.AdminService/InviteUser",
        admin_pb2.InviteUserRequest(email=email, role=_role(role), display_name=display_name, tenant=tenant),
        admin_pb2.InviteUserResponse,
        invitation_from_proto,
        repeatable=False,
    )


def list_users(page_size: int, page_token: str, tenant: str) -> Call[Page[User]]:
    return call_of(
        "armoire.v1.AdminService/ListUsers",
        admin_pb2.ListUsersRequest(tenant=tenant, page_size=page_size, page_token=page_token),
        admin_pb2.ListUsersResponse,
        lambda reply: Page(tuple(map(user_from_proto, reply.users)), reply.next_page_token),
    )


def update_user(
    user_id: str, role: Role | str | None, display_name: str | None, disabled: bool | None
) -> Call[User]:
    """What is None stays as it is."""
    given = {"role": role, "display_name": display_name, "disabled": disabled}
    user = users_pb2.User(
        id=user_id,
        role=None if role is None else _role(role),
        display_name=display_name,
        disabled=bool(disabled),
    )
    mask = FieldMask(paths=[name for name, value in given.items() if value is not None])
    return call_of(
        "armoire.v1.AdminService/UpdateUser",
        admin_pb2.UpdateUserRequest(user=user, update_mask=mask),
        admin_pb2.UpdateUserResponse,
        lambda reply: user_from_proto(reply.user),
    )


def create_password_reset(user_id: str) -> Call[PasswordReset]:
    return call_of(
        "armoire.v1.AdminService/CreatePasswordReset",
        admin_pb2.CreatePasswordResetRequest(user_id=user_id),
        admin_pb2.CreatePasswordResetResponse,
        password_reset_from_proto,
        repeatable=False,
    )


def delete_user(user_id: str) -> Call[None]:
    return call_of(
        "armoire.v1.AdminService/DeleteUser",
        admin_pb2.DeleteUserRequest(user_id=user_id),
        admin_pb2.DeleteUserResponse,
        lambda _: None,
        repeatable=False,
    )


def get_me() -> Call[Me]:
    return call_of(
        "armoire.v1.AccountService/GetMe",
        account_pb2.GetMeRequest(),
        account_pb2.GetMeResponse,
        me_from_proto,
    )


def accept_invitation(token: str, password: str) -> Call[User]:
    return call_of(
        "armoire.v1.AccountService/AcceptInvitation",
        account_pb2.AcceptInvitationRequest(token=token, password=password),
        account_pb2.AcceptInvitationResponse,
        lambda reply: user_from_proto(reply.user),
        repeatable=False,
    )


def reset_password(token: str, new_password: str) -> Call[User]:
    return call_of(
        "armoire.v1.AccountService/ResetPassword",
        account_pb2.ResetPasswordRequest(token=token, new_password=new_password),
        account_pb2.ResetPasswordResponse,
        lambda reply: user_from_proto(reply.user),
        repeatable=False,
    )


def _role(role: Role | str) -> str:
    return f"ROLE_{Role(role.upper()).value}"
