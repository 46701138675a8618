"""`armoire admin user`."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from armoire.v1 import admin_pb2, users_pb2
from tests.unit.clients.command.outcomes import documents

ANN = users_pb2.User(
    id="fedcba9876543210",
    tenant="shop",
    email="ann@shop.example",
    display_name="Ann",
    role=users_pb2.ROLE_REVIEWER,
    has_password=True,
    create_time={"seconds": 1},
)
TOKEN = "t" * 43


def test_a_user_is_invited_and_the_token_shown_once(armoire: Any, server: Any) -> None:
    reply = admin_pb2.InviteUserResponse(user=ANN, token=TOKEN, expire_time={"seconds": 60})
    server.say("InviteUser", reply)
    arguments = (
        "admin",
        "user",
        "invite",
        ANN.email,
        "--role",
        "reviewer",
        "--name",
        "Ann",
        "--tenant",
        "shop",
    )
    status, out, err = armoire(*arguments)
    assert (status, out) == (0, f"{TOKEN}\n")
    assert "not shown again" in err
    assert ANN.id in err
    (document,) = documents(armoire(*arguments, "--json")[1])
    assert (document["token"], document["id"], document["role"]) == (TOKEN, ANN.id, "reviewer")
    assert document["expire_time"] == "1970-01-01T00:01:00+00:00"
    request = server.requests["InviteUser"][0]
    assert (request.email, request.display_name, request.tenant) == (ANN.email, "Ann", "shop")
    assert request.role == users_pb2.ROLE_REVIEWER


def test_an_unknown_role_is_refused(armoire: Any, server: Any) -> None:
    assert armoire("admin", "user", "invite", ANN.email, "--role", "owner")[0] == 2
    assert server.requests["InviteUser"] == []


def test_users_are_listed(armoire: Any, server: Any) -> None:
    invited = users_pb2.User(id="1", email="bob@shop.example", role=users_pb2.ROLE_VIEWER)
    disabled = users_pb2.User(id="2", email="eve@shop.example", role=users_pb2.ROLE_EDITOR, disabled=True)
    server.say("ListUsers", admin_pb2.ListUsersResponse(users=[ANN, invited, disabled]))
    found = documents(armoire("admin", "user", "list", "--json")[1])
    assert [each["role"] for each in found] == ["reviewer", "viewer", "editor"]
    rows = armoire("admin", "user", "list", "--tenant", "shop")[1].splitlines()[1:]
    assert rows[0].split()[:6] == [ANN.id, ANN.email, "Ann", "shop", "reviewer", "active"]
    assert ["invited" in rows[1], "disabled" in rows[2]] == [True, True]
    assert [request.tenant for request in server.requests["ListUsers"]] == ["", "shop"]


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["--role", "reviewer"], ["role"]),
        (["--name", "Ann"], ["display_name"]),
        (["--disable"], ["disabled"]),
        (["--enable", "--role", "viewer"], ["role", "disabled"]),
    ],
)
def test_only_what_is_given_is_changed(
    armoire: Any, server: Any, arguments: list[str], paths: list[str]
) -> None:
    server.say("UpdateUser", admin_pb2.UpdateUserResponse(user=ANN))
    status, out, _ = armoire("admin", "user", "update", ANN.id, *arguments)
    assert (status, ANN.id in out) == (0, True)
    (request,) = server.requests["UpdateUser"]
    assert list(request.update_mask.paths) == paths
    assert request.user.id == ANN.id
    assert request.user.disabled == ("--disable" in arguments)


def test_a_reset_shows_its_token_once(armoire: Any, server: Any) -> None:
    server.say("CreatePasswordReset", admin_pb2.CreatePasswordResetResponse(token=TOKEN))
    assert armoire("admin", "user", "reset", ANN.id)[1] == f"{TOKEN}\n"
    (document,) = documents(armoire("admin", "user", "reset", ANN.id, "--json")[1])
    assert document == {"user_id": ANN.id, "token": TOKEN, "expire_time": None}


def test_users_are_deleted(armoire: Any, server: Any, fail: Any) -> None:
    gone = fail(grpc.StatusCode.NOT_FOUND, "user 'a' does not exist", reason="NOT_FOUND")
    server.say("DeleteUser", gone, admin_pb2.DeleteUserResponse())
    status, out, err = armoire("admin", "user", "delete", "a", "b")
    assert (status, "deleted" in out, "does not exist" in err) == (1, True, True)
