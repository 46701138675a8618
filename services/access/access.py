"""What a server asks of its callers: who they are, what they may do, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.errors import PermissionDenied
from domain.pixel_rates import NoPixelRates, PixelRates
from domain.types import DEFAULT_PRINCIPAL, Principal, Scope


class Access(Protocol):
    """Tells who calls."""

    def principal(self, authorization: str | None) -> Principal:
        """The caller who sent this `authorization` header.

        Raises:
            Unauthenticated: the header is missing, or opens nothing.
        """
        ...

    async def session_principal(self, text: str) -> Principal:
        """The user whose session's cookie has this text.

        Raises:
            Unauthenticated: the session has ended.
            Unavailable: the sessions cannot be read.
        """
        ...


class OpenAccess:
    """Everyone may call, as the operator."""

    def principal(self, authorization: str | None) -> Principal:
        """See `Access`."""
        return DEFAULT_PRINCIPAL

    async def session_principal(self, text: str) -> Principal:
        """See `Access`."""
        return DEFAULT_PRINCIPAL


class Rates(PixelRates, Protocol):
    """Counts the calls of tenants, and their pixels."""

    async def take(self, tenant_id: str) -> None:
        """Count one call.

        Raises:
            Overloaded: the tenant has made too many.
        """
        ...


class NoRates(NoPixelRates):
    """No tenant is limited."""

    async def take(self, tenant_id: str) -> None:
        """See `Rates`."""


class Callers(Protocol):
    """How callers are known and counted at the moment."""

    @property
    def access(self) -> Access: ...

    @property
    def rates(self) -> Rates: ...


@dataclass(frozen=True, slots=True)
class Anyone:
    """Everyone may call, as often as they like."""

    access: Access = OpenAccess()
    rates: Rates = NoRates()


NOBODY = Principal("", scopes=frozenset())
"""Whoever makes a call that anyone may make."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a call wants of its caller: one of the scopes, and, perhaps, to be of the operator's tenant.

    `anyone` may make the call without saying who it is.
    """

    scopes: frozenset[Scope]
    operator_only: bool = False
    anyone: bool = False

    def check(self, method: str, principal: Principal) -> None:
        """Raise PermissionDenied if the caller may not make this call."""
        if self.anyone:
            return
        if self.scopes.isdisjoint(principal.scopes):
            wanted, name = " or ".join(sorted(scope.value for scope in self.scopes)), _name_of(method)
            raise PermissionDenied(
                f"{name} needs the scope {wanted}, which the caller does not have",
                metadata={"scopes": wanted, "method": name},
            )
        if self.operator_only and not principal.is_operator:
            message = f"{_name_of(method)} is for those who run the server"
            raise PermissionDenied(message, reason="OPERATOR_ONLY")


def _name_of(method: str) -> str:
    """The name of a method in its path."""
    return method.rpartition("/")[2]


ANY_CALLER = Requirement(frozenset(Scope))
"""Of calls that want nothing more than a caller who may do something."""

Requirements = Mapping[str, Requirement]
"""What each call wants, by its path, such as "/armoire.v1.CatalogService/Search"."""
