from __future__ import annotations

import pytest

from domain.errors import FailedPrecondition
from domain.types import Scope
from services.access.api_key import KeyText
from services.access.initial_keys import InitialKey, parse_initial_keys

FIRST, SECOND = KeyText("0" * 15 + "1", "a" * 43), KeyText("0" * 15 + "2", "b" * 43)
"""The same in every process, because parameters of tests hold them."""


def test_keys_have_scopes_and_may_have_a_tenant() -> None:
    text = f"# of the shop\n\n{FIRST} admin # for the operator\n{SECOND}  infer,read  shop\n"
    assert parse_initial_keys(text) == (
        InitialKey(FIRST, frozenset({Scope.ADMIN}), "default"),
        InitialKey(SECOND, frozenset({Scope.INFER, Scope.READ}), "shop"),
    )
    assert parse_initial_keys("") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"\n{FIRST}", "line 2 must be KEY SCOPE,SCOPE"),
        (f"{FIRST} admin shop more", "line 1 must be KEY SCOPE,SCOPE"),
        ("armoire_secret admin", "the key of line 1 must be armoire_ID_SECRET"),
        (f"{FIRST} root", "the scopes of line 1 must be some of infer, read, write, review, admin"),
        (f"{FIRST} admin Shop", "the tenant of line 1 must be 1 to 64"),
        (f"{FIRST} admin\n{FIRST} read", "two keys have the same id"),
    ],
)
def test_a_line_that_is_no_key_is_refused_without_its_text(text: str, message: str) -> None:
    with pytest.raises(FailedPrecondition, match=f"ARMOIRE_AUTH__INITIAL_KEYS: {message}") as refused:
        parse_initial_keys(text)
    assert FIRST.secret not in str(refused.value)
    assert "armoire_secret" not in str(refused.value)
