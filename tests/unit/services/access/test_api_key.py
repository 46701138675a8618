"""The text of a key, and what of it is kept."""

from __future__ import annotations

import dataclasses

import pytest

from domain.types import Scope
from services.access.api_key import ApiKey, KeyText

TEXT = KeyText("0123456789abcdef", "s3cret_-" * 5 + "abc")
KEY = ApiKey(TEXT.id, "shop", "till", frozenset({Scope.READ}), TEXT.digest, 100)


def test_a_text_is_read_back() -> None:
    assert KeyText.parse(str(TEXT)) == TEXT
    assert str(TEXT).startswith(f"armoire_{TEXT.id}_")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "armoire",
        f"armoire_{TEXT.id}",
        str(TEXT) + "x",
        str(TEXT)[:-1],
        str(TEXT).upper(),
        f" {TEXT}",
        "ä" * 66,
    ],
)
def test_another_text_is_that_of_no_key(text: str) -> None:
    assert KeyText.parse(text) is None


def test_texts_differ_and_hide_their_secret() -> None:
    assert len({KeyText.new().secret for _ in range(100)}) == 100
    assert TEXT.secret not in repr(TEXT)
    assert TEXT.secret.encode() not in TEXT.digest


def test_a_key_is_opened_by_its_own_text() -> None:
    assert KEY.opens(TEXT, 0)
    assert not KEY.opens(KeyText.new(TEXT.id), 0)


def test_the_text_of_before_a_rotation_opens_for_a_while() -> None:
    rotated = dataclasses.replace(KEY, digest=KeyText.new().digest, old_digest=TEXT.digest, old_until_us=50)
    assert rotated.opens(TEXT, 49)
    assert not rotated.opens(TEXT, 50)


def test_a_key_works_until_it_is_revoked_or_expires() -> None:
    assert KEY.works(10**18)
    assert not dataclasses.replace(KEY, revoke_us=1).works(0)
    ending = dataclasses.replace(KEY, expire_us=200)
    assert ending.works(199)
    assert not ending.works(200)
