"""Users of a real server: over TLS, and on plain loopback, by two processes with one database."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import trustme

from armoire import AlreadyExists, Client, Role, Scope
from armoire.v1 import account_pb2
from demo.server import ServerProcess
from tests.polling import until

ACCOUNT = "/armoire.v1.AccountService/"
ADMIN = "/armoire.v1.AdminService/"
EMBED = "/armoire.v1.InferenceService/EmbedText"
PASSWORD = "correct horse battery"
SHOP = "https://shop.example"
"""A page of this origin may call, with a key."""
VIEWER, ADMINISTRATOR = "ROLE_VIEWER", "ROLE_ADMINISTRATOR"


@dataclass(frozen=True)
class Site:
    """A server, its second process on plain loopback, and its administrator's key."""

    url: str
    key: str
    verify: ssl.SSLContext | bool = True
    server: ServerProcess | None = None
    second_url: str = ""
    made: list[str] = field(default_factory=list)

    def browser(self, url: str = "") -> httpx.Client:
        """Keeps cookies, as a browser does."""
        return httpx.Client(base_url=url or self.url, verify=self.verify, timeout=60)

    def admin(self, call: str, **request: Any) -> Any:
        with self.browser() as sender:
            headers = {"authorization": f"Bearer {self.key}"}
            reply = sender.post(f"{ADMIN}{call}", json=request, headers=headers)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def join(self, role: str = VIEWER, tenant: str = "shop") -> dict[str, Any]:
        """A new user who has accepted the invitation."""
        email = f"user{len(self.made)}@shop.example"
        self.made.append(email)
        invited = self.admin("InviteUser", email=email, role=role, tenant=tenant)
        with self.browser() as sender:
            accepted = sender.post(
                f"{ACCOUNT}AcceptInvitation", json={"token": invited["token"], "password": PASSWORD}
            )
        assert "set-cookie" not in accepted.headers
        user: dict[str, Any] = accepted.json()["user"]
        return user


def call(sender: httpx.Client, path: str, **request: Any) -> httpx.Response:
    return sender.post(path, json=request)


def reason(reply: httpx.Response) -> str:
    details = reply.json()["details"]
    return next(each["debug"]["reason"] for each in details if each["type"] == "google.rpc.ErrorInfo")


def sign_in(sender: httpx.Client, user: dict[str, Any], password: str = PASSWORD) -> httpx.Response:
    reply = call(sender, f"{ACCOUNT}SignIn", email=user["email"], password=password)
    assert reply.status_code == 200, reply.text
    return reply


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("plain")
    environment = {
        "ARMOIRE_AUTH__MODE": "required",
        "ARMOIRE_AUTH__DATABASE_URL": f"sqlite:///{folder / 'access.db'}",
        "ARMOIRE_HTTP__ALLOWED_ORIGINS": SHOP,
    }
    with ServerProcess(folder / "one", "services.app:Inference", environment) as first:
        key = (folder / "one" / "first-admin-key").read_text().strip()
        with ServerProcess(folder / "two", "services.app:Inference", environment) as second:
            yield Site(first.http_url, key, server=first, second_url=second.http_url)


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("encrypted")
    ca = trustme.CA()
    leaf, pem = ca.issue_cert("127.0.0.1"), folder / "server.pem"
    leaf.private_key_and_cert_chain_pem.write_to_path(pem)
    environment = {
        "ARMOIRE_AUTH__MODE": "required",
        "ARMOIRE_TLS__CERTIFICATE_FILE": str(pem),
        "ARMOIRE_TLS__KEY_FILE": str(pem),
    }
    context = ssl.create_default_context()
    ca.configure_trust(context)
    roots = ca.cert_pem.bytes()
    with ServerProcess(folder, "services.app:Inference", environment, root_certificates=roots) as server:
        key = (folder / "first-admin-key").read_text().strip()
        yield Site(server.http_url.replace("http:", "https:"), key, context)


@pytest.mark.parametrize(
    ("site", "name", "attributes"), [("plain", "armoire", set()), ("encrypted", "__Host-armoire", {"Secure"})]
)
def test_a_session_from_sign_in_to_sign_out(
    request: pytest.FixtureRequest, site: str, name: str, attributes: set[str]
) -> None:
    here: Site = request.getfixturevalue(site)
    user = here.join()
    with here.browser() as sender:
        assert (call(sender, f"{ACCOUNT}GetMe").status_code, len(sender.cookies)) == (401, 0)
        reply = sign_in(sender, user)
        assert reply.json()["user"] == {**user, "lastSignInTime": reply.json()["user"]["lastSignInTime"]}
        (cookie,) = reply.headers.get_list("set-cookie")
        pair, *rest = cookie.split("; ")
        assert pair.partition("=")[0] == name
        assert len(pair.partition("=")[2]) == 43
        assert set(rest) == {"Path=/", "HttpOnly", "SameSite=Strict", f"Max-Age={7 * 86_400}", *attributes}
        me = call(sender, f"{ACCOUNT}GetMe").json()
        assert me == {
            "user": reply.json()["user"],
            "subject": f"user:{user['id']}",
            "tenant": "shop",
            "scopes": ["SCOPE_INFER", "SCOPE_READ"],
        }
        assert call(sender, EMBED, texts=["a red dress"]).json()["results"]
        assert call(sender, f"{ADMIN}ListUsers").status_code == 403
        held = {"cookie": pair}
        left = call(sender, f"{ACCOUNT}SignOut")
        assert f"{name}=; Max-Age=0" in left.headers["set-cookie"]
        assert len(sender.cookies) == 0
        ended = sender.post(EMBED, json={"texts": ["a red dress"]}, headers=held)
        assert (ended.status_code, reason(ended)) == (401, "SESSION_ENDED")
        assert call(sender, f"{ACCOUNT}SignOut").status_code == 200


def test_every_transport_of_the_http_port_takes_the_cookie(plain: Site) -> None:
    with plain.browser() as sender:
        sign_in(sender, plain.join())
        proto = account_pb2.GetMeRequest().SerializeToString()
        binary = sender.post(f"{ACCOUNT}GetMe", content=proto, headers={"content-type": "application/proto"})
        assert account_pb2.GetMeResponse.FromString(binary.content).tenant == "shop"
        web = sender.post(
            f"{ACCOUNT}GetMe",
            content=b"\0" + len(proto).to_bytes(4) + proto,
            headers={"content-type": "application/grpc-web+proto"},
        )
        assert b"grpc-status: 0" in web.content
        assert sender.get(f"{ACCOUNT}GetMe", params={"encoding": "json", "message": "{}"}).json()["user"]
        assert sender.get("/v2/models/embed_text").status_code == 200
        stream = sender.post(
            "/armoire.v1.InferenceService/AnalyzeStream",
            content=b"",
            headers={"content-type": "application/connect+json"},
        )
        assert (stream.status_code, b"error" in stream.content) == (200, False)


def test_the_session_means_nothing_to_pages_of_others(plain: Site) -> None:
    with plain.browser() as sender:
        sign_in(sender, plain.join())
        for headers in (
            {"origin": "http://evil.example"},
            {"origin": "http://localhost:8080"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            reply = sender.post(f"{ACCOUNT}ChangePassword", json={}, headers=headers)
            assert (reply.status_code, "ORIGIN_NOT_ALLOWED" in reply.text) == (403, True)
        form = {"image": ("dress.png", b"x", "image/png")}
        refused = sender.post("/v1/analyze", files=form)
        assert (refused.status_code, reason(refused)) == (403, "CSRF_HEADER_MISSING")
        taken = sender.post("/v1/analyze", files=form, headers={"x-requested-with": "armoire"})
        assert taken.status_code == 200
        text = sender.post("/v2/repository/index", content=b"{}", headers={"content-type": "text/plain"})
        assert text.status_code == 403
        own = sender.post(f"{ACCOUNT}GetMe", json={}, headers={"origin": plain.url})
        assert own.status_code == 200


def test_a_page_that_may_call_comes_with_a_key(plain: Site) -> None:
    user = plain.join()
    there = {"origin": SHOP}
    with plain.browser() as sender:
        request = {"email": user["email"], "password": PASSWORD}
        refused = sender.post(f"{ACCOUNT}SignIn", json=request, headers=there)
        assert (refused.status_code, reason(refused)) == (403, "CROSS_SITE_SESSION")
        sign_in(sender, user)
        for path in (f"{ACCOUNT}GetMe", f"{ACCOUNT}SignOut", EMBED):
            refused = sender.post(path, json={}, headers=there)
            assert (refused.status_code, reason(refused)) == (403, "CROSS_SITE_SESSION")
        with_key = {**there, "authorization": f"Bearer {plain.key}"}
        assert sender.post(f"{ACCOUNT}GetMe", json={}, headers=with_key).status_code == 200


def test_a_key_counts_more_than_a_cookie(plain: Site) -> None:
    with plain.browser() as sender:
        sign_in(sender, plain.join())
        headers = {"authorization": f"Bearer {plain.key}"}
        me = sender.post(f"{ACCOUNT}GetMe", json={}, headers=headers).json()
        assert (me["subject"].partition(":")[0], "user" in me, me["tenant"]) == ("key", False, "default")
        wrong = sender.post(f"{ACCOUNT}GetMe", json={}, headers={"authorization": "Bearer wrong"})
        assert (wrong.status_code, reason(wrong)) == (401, "KEY_INVALID")


def test_what_one_process_ends_ends_in_the_other(plain: Site) -> None:
    user = plain.join()
    with plain.browser() as here, plain.browser(plain.second_url) as there:
        reply = sign_in(here, user)
        there.headers["cookie"] = reply.headers["set-cookie"].partition(";")[0]
        assert call(there, f"{ACCOUNT}GetMe").status_code == 200  # at once, though it began elsewhere
        call(here, f"{ACCOUNT}SignOut")
        until(lambda: call(there, f"{ACCOUNT}GetMe").status_code == 401)
        there.headers["cookie"] = sign_in(here, user).headers["set-cookie"].partition(";")[0]
        assert call(there, f"{ACCOUNT}GetMe").status_code == 200
        mask = {"user": {"id": user["id"], "disabled": True}, "updateMask": "disabled"}
        assert plain.admin("UpdateUser", **mask)["user"]["disabled"]
        assert call(here, f"{ACCOUNT}GetMe").status_code == 401
        until(lambda: call(there, f"{ACCOUNT}GetMe").status_code == 401)
        refused = call(here, f"{ACCOUNT}SignIn", email=user["email"], password=PASSWORD)
        assert (refused.status_code, reason(refused)) == (401, "SIGN_IN_REFUSED")


def test_a_changed_password_ends_the_other_sessions(plain: Site) -> None:
    user = plain.join()
    with plain.browser() as here, plain.browser() as there:
        sign_in(here, user)
        sign_in(there, user)
        wrong = call(here, f"{ACCOUNT}ChangePassword", currentPassword="wrong", newPassword=f"{PASSWORD}!")
        assert (wrong.status_code, reason(wrong)) == (400, "PASSWORD_WRONG")
        weak = call(here, f"{ACCOUNT}ChangePassword", currentPassword=PASSWORD, newPassword="password123")
        assert weak.json()["message"].startswith("new_password: is one of the most common")
        right = call(here, f"{ACCOUNT}ChangePassword", currentPassword=PASSWORD, newPassword=f"{PASSWORD}!")
        assert right.status_code == 200, right.text
        assert call(here, f"{ACCOUNT}GetMe").status_code == 200
        assert call(there, f"{ACCOUNT}GetMe").status_code == 401
        sign_in(there, user, f"{PASSWORD}!")


def test_a_reset_gives_another_password_once(plain: Site) -> None:
    user = plain.join()
    token = plain.admin("CreatePasswordReset", userId=user["id"])["token"]
    with plain.browser() as sender:
        sign_in(sender, user)
        again = {"token": token, "newPassword": f"{PASSWORD}!"}
        assert call(sender, f"{ACCOUNT}ResetPassword", **again).json()["user"]["id"] == user["id"]
        assert call(sender, f"{ACCOUNT}GetMe").status_code == 401
        used = call(sender, f"{ACCOUNT}ResetPassword", **again)
        assert (used.status_code, reason(used)) == (400, "TOKEN_INVALID")
        sign_in(sender, user, f"{PASSWORD}!")


def test_an_administrator_sees_the_users_of_one_tenant(plain: Site) -> None:
    ours, theirs = plain.join(ADMINISTRATOR, "tenant-a"), plain.join(VIEWER, "tenant-b")
    with plain.browser() as sender:
        sign_in(sender, ours)
        assert [user["id"] for user in call(sender, f"{ADMIN}ListUsers").json()["users"]] == [ours["id"]]
        for name, request in (
            ("UpdateUser", {"user": {"id": theirs["id"], "role": ADMINISTRATOR}}),
            ("CreatePasswordReset", {"userId": theirs["id"]}),
            ("DeleteUser", {"userId": theirs["id"]}),
        ):
            assert call(sender, f"{ADMIN}{name}", **request).status_code == 404
        taken = call(sender, f"{ADMIN}InviteUser", email="new@b.example", role=VIEWER, tenant="tenant-b")
        assert taken.status_code == 403
        operator = call(sender, f"{ADMIN}UpdateTenant", tenant={"id": "tenant-a"})
        assert (operator.status_code, reason(operator)) == (403, "OPERATOR_ONLY")
        assert call(sender, f"{ADMIN}DeleteUser", userId=ours["id"]).status_code == 200
        assert call(sender, f"{ACCOUNT}GetMe").status_code == 401


def test_guesses_are_limited(plain: Site) -> None:
    user = plain.join()
    with plain.browser() as sender:
        for email in (user["email"], "nobody@shop.example"):
            replies = [
                call(sender, f"{ACCOUNT}SignIn", email=email, password="wrong password") for _ in range(11)
            ]
            assert [reply.status_code for reply in replies] == [401] * 10 + [429]
            assert {reply.json()["message"] for reply in replies[:10]} == {
                "the e-mail address or the password is wrong"
            }
            assert reason(replies[-1]) == "SIGN_IN_LIMITED"
            assert int(replies[-1].headers["retry-after"]) > 0


def test_grpc_has_no_sessions(plain: Site) -> None:
    assert plain.server is not None
    user = plain.join()
    with plain.browser() as sender:
        cookie = sign_in(sender, user).headers["set-cookie"].partition(";")[0]
    with grpc.insecure_channel(plain.server.address) as channel:
        who = channel.unary_unary(f"{ACCOUNT}GetMe")
        with pytest.raises(grpc.RpcError, match="UNAUTHENTICATED"):
            who(b"", metadata=[("cookie", cookie)], timeout=60)
        request = account_pb2.SignInRequest(email=user["email"], password=PASSWORD).SerializeToString()
        with pytest.raises(grpc.RpcError, match="FAILED_PRECONDITION"):
            channel.unary_unary(f"{ACCOUNT}SignIn")(request, timeout=60)


def test_the_log_names_users_by_their_ids(plain: Site) -> None:
    assert plain.server is not None
    user = plain.join()
    with plain.browser() as sender:
        text = sign_in(sender, user).headers["set-cookie"].partition(";")[0].partition("=")[2]
        call(sender, f"{ACCOUNT}SignOut")
    log_path: Path = plain.server.log_path
    until(lambda: f"user {user['id']} signed out" in log_path.read_text())
    log = log_path.read_text()
    assert f"user {user['id']} signed in" in log
    assert not [secret for secret in (user["email"], text, PASSWORD, "Traceback") if secret in log]


def test_the_client_administers_users(plain: Site) -> None:
    assert plain.server is not None
    with Client(plain.server.address, token=plain.key) as client:
        me = client.get_me()
        assert (me.subject.partition(":")[0], me.tenant, me.scopes, me.user) == (
            "key",
            "default",
            (Scope.ADMIN,),
            None,
        )
        invitation = client.invite_user("bob@shop.example", "editor", display_name="Bob", tenant="bobs")
        assert invitation.token not in repr(invitation)
        user = client.accept_invitation(invitation.token, PASSWORD)
        assert (user.role, user.has_password, user.display_name) == (Role.EDITOR, True, "Bob")
        with pytest.raises(AlreadyExists):
            client.invite_user("BOB@shop.example", Role.VIEWER)
        assert client.update_user(user.id, role="viewer").role is Role.VIEWER
        assert client.update_user(user.id, disabled=True).disabled
        assert not client.update_user(user.id, display_name="Bob B.", disabled=False).disabled
        reset = client.create_password_reset(user.id)
        assert client.reset_password(reset.token, f"{PASSWORD}!").display_name == "Bob B."
        assert [each.id for each in client.iter_users(tenant="bobs")] == [user.id]
        client.delete_user(user.id)
        assert client.list_users(tenant="bobs").items == ()
