"""Tokens of an identity provider: JWTs, checked with the provider's keys."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from domain.errors import Unauthenticated, Unavailable
from domain.tenants import is_tenant
from domain.types import Principal, Scope
from services.access.token_options import TokenOptions

_LOG = logging.getLogger("armoire.access")
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Only those with a public key: with a shared one, whoever can check a token can also make it."""
MAX_SET_BYTES = 2**20
MAX_TOKEN_CHARS = 16_384
MAX_REMEMBERED = 10_000
FETCH_TIMEOUT_S = 10.0
REFRESH_S = 300.0
UNKNOWN_KEY_PAUSE_S = 30.0


@dataclass(frozen=True, slots=True)
class _Remembered:
    principal: Principal
    until_s: float


class Tokens:
    """Tells who sent a token. What a token says is remembered until it expires, since checking it is dear.

    The provider's keys are read again every few minutes, and when a token names another key.
    """

    def __init__(self, options: TokenOptions, clock: Callable[[], float] = time.time) -> None:
        self._options = options
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._remembered: dict[bytes, _Remembered] = {}
        self._unknown_key = asyncio.Event()

    def principal(self, token: str) -> Principal:
        """The owner of a token.

        Raises:
            Unauthenticated: the token is none of the provider's, has expired, is for somebody else, or names
                no tenant.
        """
        if len(token) > MAX_TOKEN_CHARS:
            raise _refused(f"has more than {MAX_TOKEN_CHARS} characters")
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        known = self._remembered.get(digest)
        if known is not None and self._clock() < known.until_s:
            return known.principal
        claims = self._claims(token)
        principal = self._principal_of(claims)
        if len(self._remembered) >= MAX_REMEMBERED:
            self._remembered.clear()
        self._remembered[digest] = _Remembered(principal, float(claims["exp"]) + self._options.leeway_s)
        return principal

    def _claims(self, token: str) -> Mapping[str, Any]:
        options = self._options
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=options.audience,
                issuer=options.issuer,
                leeway=options.leeway_s,
                options={"require": ["exp", "iss", "aud"], "verify_exp": False},
            )
        except jwt.PyJWTError as error:
            raise _refused(f"does not hold: {error}") from error
        expires = claims["exp"]
        if not isinstance(expires, int | float):
            raise _refused("has no time in its claim 'exp'")
        if self._clock() >= expires + options.leeway_s:
            raise Unauthenticated("the token has expired", reason="KEY_EXPIRED")
        return claims

    def _key(self, key_id: object) -> jwt.PyJWK:
        """The provider's key with this id; its only one where the token names none."""
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        key = self._keys.get(str(key_id))
        if key is None:
            self._unknown_key.set()
            raise _refused("is signed with a key that the identity provider does not list")
        return key

    def _principal_of(self, claims: Mapping[str, Any]) -> Principal:
        options = self._options
        tenant, granted = claims.get(options.tenant_claim), claims.get(options.scope_claim, ())
        if not isinstance(tenant, str) or not is_tenant(tenant):
            raise _refused(f"has no tenant in its claim {options.tenant_claim!r}")
        names = granted.split() if isinstance(granted, str) else granted
        if not isinstance(names, Sequence):
            raise _refused(f"has no scopes in its claim {options.scope_claim!r}")
        scopes = frozenset(scope for scope in Scope if scope.value in names)
        return Principal(tenant, f"token:{str(claims.get('sub', ''))[:100]}", scopes)

    async def refresh(self) -> None:
        """Read the provider's keys.

        Raises:
            Unavailable: the key set cannot be had, or has no key to check tokens with.
        """
        try:
            keys = _usable_keys(await _read_key_set(self._options.key_set))
        except (OSError, ValueError, httpx.HTTPError) as error:
            message = f"the key set {self._options.key_set} cannot be read: {error or type(error).__name__}"
            raise Unavailable(message, reason="KEY_SET_UNAVAILABLE") from error
        if keys.keys() != self._keys.keys():
            self._remembered.clear()
        self._keys = keys

    async def run(self) -> None:
        """Refresh for ever."""
        while True:
            await self._until_due()
            try:
                await self.refresh()
            except Unavailable as error:
                _LOG.warning("the keys of the identity provider are those of before: %s", error)

    async def _until_due(self) -> None:
        try:
            async with asyncio.timeout(REFRESH_S):
                await asyncio.sleep(UNKNOWN_KEY_PAUSE_S)  # whoever sends bad tokens makes no storm of it
                await self._unknown_key.wait()
        except TimeoutError:
            pass
        self._unknown_key.clear()


async def _read_key_set(key_set: str) -> bytes:
    if urlsplit(key_set).scheme not in ("http", "https"):
        return await asyncio.to_thread(Path(key_set).read_bytes)
    content = b""
    async with (
        httpx.AsyncClient(timeout=FETCH_TIMEOUT_S, follow_redirects=False) as client,
        client.stream("GET", key_set) as reply,
    ):
        if reply.status_code != httpx.codes.OK:
            raise ValueError(f"HTTP {reply.status_code}")
        async for chunk in reply.aiter_bytes():
            content += chunk
            if len(content) > MAX_SET_BYTES:
                raise ValueError(f"it has more than {MAX_SET_BYTES} bytes")
    return content


def _usable_keys(content: bytes) -> dict[str, jwt.PyJWK]:
    """The keys by id. Raises ValueError if there is none that can be used."""
    document = json.loads(content)
    entries, found = document.get("keys") if isinstance(document, dict) else None, {}
    for entry in entries if isinstance(entries, list) else ():
        try:
            key = jwt.PyJWK({**entry, "alg": _algorithm_name(entry.get("alg"))})
        except (jwt.PyJWTError, TypeError, AttributeError):
            continue
        if key.algorithm_name in ALGORITHMS:
            found[str(entry.get("kid"))] = key
    if not found:
        raise ValueError(f"it has no key for {', '.join(sorted(ALGORITHMS))}")
    return found


def _algorithm_name(name: object) -> object:
    """RFC 9864 calls EdDSA with this curve Ed25519, a name that PyJWT does not know."""
    return "EdDSA" if name == "Ed25519" else name


def _refused(problem: str) -> Unauthenticated:
    return Unauthenticated(f"the token {problem}", reason="KEY_INVALID")
