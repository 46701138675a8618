"""What the tokens of an identity provider must say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from domain.errors import FailedPrecondition


@dataclass(frozen=True, slots=True)
class TokenOptions:
    """What a token must say.

    Attributes:
        key_set: a JWKS, as a file or an https:// URL.
        issuer: the claim `iss`.
        audience: one of the claim `aud`.
        tenant_claim: the claim that has the tenant.
        scope_claim: the claim that has the scopes, as a list or with spaces between them.
        leeway_s: how far clocks may differ.
    """

    key_set: str
    issuer: str
    audience: str
    tenant_claim: str = "tenant"
    scope_claim: str = "scope"
    leeway_s: float = 30.0


def check_key_set(key_set: str) -> None:
    """Raise FailedPrecondition if the address of a key set is neither a file nor safe to fetch."""
    parts = urlsplit(key_set)
    if parts.scheme in ("http", "https"):
        if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise FailedPrecondition(
                f"ARMOIRE_AUTH__KEY_SET must be an https:// URL or a file, got {key_set}"
            )
    elif not Path(key_set).is_file():
        raise FailedPrecondition(f"ARMOIRE_AUTH__KEY_SET names no file: {key_set}")
