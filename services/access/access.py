"""Whether a caller must say who calls, and how that is found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.errors import PermissionDenied, Unauthenticated
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.key_ring import KeyRing
from services.access.tokens import Tokens


class Access(Protocol):
    """Tells who calls."""

    def principal(self, authorization: str | None) -> Principal:
        """The caller who sent this `authorization` header.

        Raises:
            Unauthenticated: the header is missing, or opens nothing.
        """
        ...


class OpenAccess:
    """Everyone may call, as the operator."""

    def principal(self, authorization: str | None) -> Principal:
        """See `Access`."""
        return DEFAULT_PRINCIPAL


@dataclass(frozen=True, slots=True)
class KeyAccess:
    """Callers send `authorization: Bearer KEY`, with a key or, if there are `tokens`, with one of those."""

    keys: KeyRing
    tokens: Tokens | None = None

    def principal(self, authorization: str | None) -> Principal:
        """See `Access`."""
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


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a call wants of its caller: one of the scopes, and, perhaps, to be of the operator's tenant."""

    scopes: frozenset[Scope]
    operator_only: bool = False

    def check(self, method: str, principal: Principal) -> None:
        """Raise PermissionDenied if the caller may not make this call."""
        name = method.rpartition("/")[2]
        if not self.scopes & principal.scopes:
            wanted = " or ".join(sorted(scope.value for scope in self.scopes))
            raise PermissionDenied(
                f"{name} needs the scope {wanted}, which this key does not have",
                metadata={"scopes": wanted, "method": name},
            )
        if self.operator_only and not principal.is_operator:
            raise PermissionDenied(f"{name} is for those who run the server", reason="OPERATOR_ONLY")


Requirements = Mapping[str, Requirement]
"""What each call wants, by its path, such as "/armoire.v1.CatalogService/Search"."""
