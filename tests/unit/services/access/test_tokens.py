"""Tokens of an identity provider, with keys of all kinds that are taken."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from domain.errors import FailedPrecondition, Unauthenticated, Unavailable
from domain.types import Principal, Scope
from services.access.token_options import TokenOptions, check_key_set
from services.access.tokens import Tokens

NOW_S = 1_000_000
CLAIMS = {
    "iss": "https://id.example",
    "aud": ["armoire", "other"],
    "exp": NOW_S + 100,
    "sub": "anna",
    "tenant": "shop",
    "scope": "openid read infer",
}


@dataclass(frozen=True)
class Signer:
    """A key of a provider."""

    id: str
    algorithm: str
    key: Any

    def sign(self, **changes: object) -> str:
        claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
        return jwt.encode(claims, self.key, self.algorithm, {"kid": self.id})

    def public(self) -> dict[str, Any]:
        """The key in a JWKS."""
        kind = jwt.get_algorithm_by_name(self.algorithm)
        document: dict[str, Any] = json.loads(kind.to_jwk(self.key.public_key()))  # type: ignore[no-untyped-call]
        return {**document, "kid": self.id, "use": "sig"}


@pytest.fixture(scope="module")
def rs256() -> Signer:
    return Signer("rsa", "RS256", rsa.generate_private_key(65537, 2048))


ES256 = Signer("ec", "ES256", ec.generate_private_key(ec.SECP256R1()))
EDDSA = Signer("ed", "EdDSA", ed25519.Ed25519PrivateKey.generate())


def write_set(path: Path, *entries: dict[str, Any]) -> None:
    path.write_text(json.dumps({"keys": entries}))


@pytest.fixture
def key_set(tmp_path: Path, rs256: Signer) -> Path:
    path = tmp_path / "keys.json"
    write_set(path, rs256.public(), ES256.public(), {**EDDSA.public(), "alg": "Ed25519"})
    return path


@pytest.fixture
def options(key_set: Path) -> TokenOptions:
    return TokenOptions(str(key_set), "https://id.example", "armoire")


class Clock:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self.now_s = float(NOW_S)

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tokens(options: TokenOptions, clock: Clock) -> Tokens:
    tokens = Tokens(options, clock)
    await tokens.refresh()
    return tokens


EXPECTED = Principal("shop", "token:anna", frozenset({Scope.READ, Scope.INFER}))


async def test_tokens_of_all_kinds_tell_who_calls(tokens: Tokens, rs256: Signer) -> None:
    for signer in (rs256, ES256, EDDSA):
        token = signer.sign()
        assert tokens.principal(token) == EXPECTED
        assert tokens.principal(token) == EXPECTED  # remembered


async def test_scopes_may_be_a_list_and_others_are_ignored(tokens: Tokens) -> None:
    assert tokens.principal(ES256.sign(scope=["write", "everything", 7])).scopes == {Scope.WRITE}
    assert tokens.principal(ES256.sign(scope=None)).scopes == frozenset()


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "other"},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": 10**12},
        {"tenant": None},
        {"tenant": "Shop"},
        {"tenant": ["shop"]},
        {"scope": 7},
    ],
)
async def test_a_token_that_does_not_say_what_it_must_is_refused(
    tokens: Tokens, changes: dict[str, object]
) -> None:
    with pytest.raises(Unauthenticated) as refused:
        tokens.principal(ES256.sign(**changes))
    assert refused.value.reason == "KEY_INVALID"


async def test_a_token_ends_when_it_expires_though_it_was_remembered(tokens: Tokens, clock: Clock) -> None:
    token = ES256.sign()
    assert tokens.principal(token) == EXPECTED
    clock.now_s += 129.9  # within the leeway
    assert tokens.principal(token) == EXPECTED
    clock.now_s += 0.2
    with pytest.raises(Unauthenticated) as refused:
        tokens.principal(token)
    assert refused.value.reason == "KEY_EXPIRED"


async def test_another_signature_is_refused(tokens: Tokens, rs256: Signer) -> None:
    forged = Signer("ec", "ES256", ec.generate_private_key(ec.SECP256R1()))
    header, claims, _ = ES256.sign().split(".")
    admin = encoded(json.dumps({**CLAIMS, "scope": "admin"}).encode())
    unsigned = jwt.encode(CLAIMS, None, "none", {"kid": "ec"})  # type: ignore[arg-type]
    shared = with_shared_key(json.dumps(rs256.public()).encode(), "rsa")
    cut = f"{header}.{claims}."
    swapped = f"{header}.{admin}.{ES256.sign().split('.')[2]}"
    for token in (forged.sign(), unsigned, shared, cut, swapped, "..", "a.b.c", "x" * 20_000, "ä.ö.ü"):
        with pytest.raises(Unauthenticated) as refused:
            tokens.principal(token)
        assert refused.value.reason == "KEY_INVALID"
        assert len(refused.value.message) < 300


def with_shared_key(key: bytes, key_id: str) -> str:
    """A token signed with the public key as if it were a secret, which libraries refuse to make."""
    parts = ({"alg": "HS256", "kid": key_id}, CLAIMS)
    signed = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{signed}.{encoded(hmac.digest(key, signed.encode(), 'sha256'))}"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


async def test_keys_are_rotated(tokens: Tokens, key_set: Path) -> None:
    fresh = Signer("fresh", "ES256", ec.generate_private_key(ec.SECP256R1()))
    old = ES256.sign()
    assert tokens.principal(old) == EXPECTED
    with pytest.raises(Unauthenticated, match="does not list"):
        tokens.principal(fresh.sign())
    write_set(key_set, fresh.public())
    await tokens.refresh()
    assert tokens.principal(fresh.sign()) == EXPECTED
    with pytest.raises(Unauthenticated, match="does not list"):
        tokens.principal(old)


async def test_a_set_with_one_key_needs_no_key_id(tokens: Tokens, key_set: Path) -> None:
    write_set(key_set, ES256.public())
    await tokens.refresh()
    assert tokens.principal(jwt.encode(CLAIMS, ES256.key, "ES256")) == EXPECTED


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "s"}]}',
        '{"keys": 7}',
    ],
)
async def test_a_set_without_usable_keys_leaves_those_of_before(
    tokens: Tokens, key_set: Path, content: str
) -> None:
    await asyncio.to_thread(key_set.write_text, content)
    with pytest.raises(Unavailable, match=r"keys\.json") as refused:
        await tokens.refresh()
    assert refused.value.reason == "KEY_SET_UNAVAILABLE"
    assert tokens.principal(ES256.sign()) == EXPECTED


class Provider(BaseHTTPRequestHandler):
    """Serves a key set at /keys, too much at /large, another address at /moved."""

    def do_GET(self) -> None:
        self.send_response({"/keys": 200, "/large": 200, "/moved": 302}.get(self.path, 404))
        if self.path == "/moved":
            self.send_header("location", "/keys")
        self.end_headers()
        padding = " " * (2**20 if self.path == "/large" else 0)
        self.wfile.write((json.dumps({"keys": [ES256.public()]}) + padding).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def provider() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Provider) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_keys_come_from_a_url(options: TokenOptions, provider: str, clock: Clock) -> None:
    tokens = Tokens(replace(options, key_set=f"{provider}/keys"), clock)
    await tokens.refresh()
    assert tokens.principal(ES256.sign()) == EXPECTED


@pytest.mark.parametrize("path", ["/large", "/moved", "/gone"])
async def test_what_is_no_key_set_is_refused(options: TokenOptions, provider: str, path: str) -> None:
    with pytest.raises(Unavailable, match=path):
        await Tokens(replace(options, key_set=provider + path)).refresh()


async def test_keys_are_fetched_again_for_a_key_that_is_not_known(
    tokens: Tokens, key_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.access.tokens.UNKNOWN_KEY_PAUSE_S", 0.0)
    refreshed = asyncio.Event()
    refresh = tokens.refresh

    async def refresh_and_tell() -> None:
        await refresh()
        refreshed.set()

    monkeypatch.setattr(tokens, "refresh", refresh_and_tell)
    fresh = Signer("fresh", "ES256", ec.generate_private_key(ec.SECP256R1()))
    write_set(key_set, fresh.public())
    running = asyncio.create_task(tokens.run())
    with pytest.raises(Unauthenticated):
        tokens.principal(fresh.sign())
    await refreshed.wait()
    assert tokens.principal(fresh.sign()) == EXPECTED
    running.cancel()


@pytest.mark.parametrize(
    "key_set", ["http://id.example/keys", "/nowhere/keys.json", "ftp://id.example/keys", ""]
)
def test_an_unsafe_address_is_refused(key_set: str) -> None:
    with pytest.raises(FailedPrecondition, match="ARMOIRE_AUTH__KEY_SET"):
        check_key_set(key_set)


def test_a_safe_address_is_taken() -> None:
    check_key_set("https://id.example/keys")
    check_key_set("http://127.0.0.1:9/keys")
