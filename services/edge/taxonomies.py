"""The taxonomy in whose words a call is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from domain.errors import FailedPrecondition
from domain.taxonomy import Taxonomy
from domain.types import Principal

SERVER_TAXONOMY = "default"
"""Names the server's taxonomy in requests."""

OfTenant: TypeAlias = Callable[[str], "Taxonomy | None"]
OfVersion: TypeAlias = Callable[[Principal, str], Awaitable["Taxonomy | None"]]


def servers_for_all(_tenant_id: str) -> None:
    """An `OfTenant` where no tenant has a taxonomy of its own."""


async def none_known(_principal: Principal, _version: str) -> None:
    """An `OfVersion` where no tenant has a taxonomy of its own."""


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """Finds the taxonomy of a tenant, None for the server's, or of a version, None where it is not known."""

    of_tenant: OfTenant = servers_for_all
    of_version: OfVersion = none_known

    async def of_call(self, principal: Principal, version: str | None) -> Taxonomy | None:
        """The taxonomy that a request asks for by its version, or else the caller's; None for the server's.

        Raises:
            FailedPrecondition: the caller's tenant has none of that version.
            Unavailable: whether there is one cannot be told.
        """
        if version is None:
            return self.of_tenant(principal.tenant_id)
        if version == SERVER_TAXONOMY:
            return None
        found = await self.of_version(principal, version)
        if found is None:
            raise FailedPrecondition(
                f"vocabulary_version asks for {version[:100]!r}, which the caller does not have here",
                reason="VOCABULARY_VERSION_MISMATCH",
                metadata={"field": "vocabulary_version", "wanted": version[:100]},
            )
        return found
