"""Keys that the settings name, for servers that a program sets up: a compose file, a chart, a script."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import FailedPrecondition
from domain.tenants import TENANT_RULE, is_tenant
from domain.types import OPERATOR_TENANT, Scope
from services.access.api_key import KeyText

SETTING = "ARMOIRE_AUTH__INITIAL_KEYS"


@dataclass(frozen=True, slots=True)
class InitialKey:
    """A key that works from the first start on."""

    text: KeyText
    scopes: frozenset[Scope]
    tenant_id: str = OPERATOR_TENANT


def parse_initial_keys(text: str) -> tuple[InitialKey, ...]:
    """The keys of a text: one a line, as `KEY SCOPE,SCOPE` or `KEY SCOPE,SCOPE TENANT`; # begins a comment.

    Raises:
        FailedPrecondition: a line holds something else, or a key comes twice. The message has nothing of it.
    """
    lines = enumerate((line.partition("#")[0].split() for line in text.splitlines()), 1)
    keys = tuple(_parse(words, number) for number, words in lines if words)
    if len({key.text.id for key in keys}) < len(keys):
        raise FailedPrecondition(f"{SETTING}: two keys have the same id")
    return keys


def _parse(words: list[str], number: int) -> InitialKey:
    if len(words) not in (2, 3):
        raise FailedPrecondition(
            f"{SETTING}: line {number} must be KEY SCOPE,SCOPE or KEY SCOPE,SCOPE TENANT"
        )
    key, tenant = KeyText.parse(words[0]), words[2] if len(words) == 3 else OPERATOR_TENANT
    if key is None:
        raise FailedPrecondition(
            f"{SETTING}: the key of line {number} must be armoire_ID_SECRET: 16 of 0-9 and a-f, and 43 of "
            "base64url, which are 256 random bits"
        )
    if not is_tenant(tenant):
        raise FailedPrecondition(f"{SETTING}: the tenant of line {number} must be {TENANT_RULE}")
    return InitialKey(key, _scopes(words[1], number), tenant)


def _scopes(text: str, number: int) -> frozenset[Scope]:
    try:
        return frozenset(map(Scope, text.split(",")))
    except ValueError:
        known = ", ".join(Scope)
        raise FailedPrecondition(f"{SETTING}: the scopes of line {number} must be some of {known}") from None
