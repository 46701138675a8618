"""Callers are known by their keys, tokens and sessions."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Unauthenticated
from domain.types import Principal
from services.access.key_ring import KeyRing
from services.access.sessions import Sessions
from services.access.tenants import Tenants
from services.access.tokens import Tokens


@dataclass(frozen=True, slots=True)
class KeyAccess:
    """Callers send `authorization: Bearer KEY`, with a key or, if there are `tokens`, with one of those."""

    keys: KeyRing
    sessions: Sessions
    tenants: Tenants
    tokens: Tokens | None = None

    def principal(self, authorization: str | None) -> Principal:
        """See `Access`. Raises PermissionDenied, too, while the caller's tenant is being erased."""
        principal = self._principal(authorization)
        self.tenants.check_not_erased(principal.tenant_id)
        return principal

    def _principal(self, authorization: str | None) -> Principal:
        if not authorization:
            raise Unauthenticated(
                "this server wants a key, as `authorization: Bearer KEY`; the command and the Python client "
                "take it from ARMOIRE_API_KEY"
            )
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated("the authorization header must read `Bearer KEY`", reason="KEY_INVALID")
        token = token.strip()
        if self.tokens is not None and token.count(".") == 2:  # header, claims, signature; keys have no dots
            return self.tokens.principal(token)
        return self.keys.principal(token)

    async def session_principal(self, text: str) -> Principal:
        """See `Access`. Raises PermissionDenied, too, while the caller's tenant is being erased."""
        principal = await self.sessions.principal(text)
        self.tenants.check_not_erased(principal.tenant_id)
        return principal
