"""Passwords are hashed on a thread of their own; some are refused."""

from __future__ import annotations

import asyncio
import threading

import pytest
from argon2 import PasswordHasher, Type
from argon2.profiles import RFC_9106_LOW_MEMORY

from domain.errors import InvalidInput, Overloaded
from services.access.passwords import COMMON, MAX_WAITING, MIN_CHARS, Passwords, check_password
from tests.unit.services.access.conftest import CountingHasher

PASSWORD = "correct horse battery"


async def test_a_password_is_hashed_as_the_rfc_says() -> None:
    passwords = Passwords()
    held = await passwords.hash(PASSWORD)
    cost = RFC_9106_LOW_MEMORY
    assert held.startswith(f"$argon2id$v=19$m={cost.memory_cost},t={cost.time_cost},p={cost.parallelism}$")
    assert cost.type is Type.ID
    assert await passwords.verified(held, PASSWORD) == held
    assert await passwords.verified(held, f"{PASSWORD}!") is None
    await passwords.close()


async def test_whether_somebody_has_an_account_makes_no_difference(hasher: CountingHasher) -> None:
    """What takes the time is computed as often in each case, the first one included."""
    known = Passwords(hasher)
    held = await known.hash(PASSWORD)
    for account in (held, "", held, "", "no hash at all"):
        hasher.hashed = hasher.verified = 0
        passwords = Passwords(hasher)
        assert await passwords.verified(account, "wrong password") is None
        assert (hasher.hashed, hasher.verified) == (1, 1)
        assert await passwords.verified(account, "wrong password") is None
        assert (hasher.hashed, hasher.verified) == (1, 2)
        await passwords.close()
    await known.close()


async def test_other_parameters_lead_to_another_hash() -> None:
    old, new = Passwords(CountingHasher()), Passwords(CountingHasher(time_cost=2))
    held = await old.hash(PASSWORD)
    rehashed = await new.verified(held, PASSWORD)
    assert rehashed is not None
    assert PasswordHasher(2, 8, 1).check_needs_rehash(rehashed) is False
    assert await new.verified(rehashed, PASSWORD) == rehashed
    assert await new.verified(held, "wrong password") is None
    await old.close()
    await new.close()


async def test_two_spellings_of_a_character_are_one(hasher: CountingHasher) -> None:
    passwords = Passwords(hasher)
    held = await passwords.hash("cafe\u0301 au lait")
    assert await passwords.verified(held, "caf\u00e9 au lait") == held
    await passwords.close()


class SlowHasher(CountingHasher):
    """Hashes when it is let, and notes how many do so at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.at_once = self.most = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        assert self.let.wait(60)
        self.at_once -= 1
        return super().hash(password)


async def test_one_password_is_hashed_at_a_time_and_few_may_wait() -> None:
    hasher = SlowHasher()
    passwords = Passwords(hasher)
    waiting = [asyncio.ensure_future(passwords.hash(PASSWORD)) for _ in range(MAX_WAITING)]
    await asyncio.wait(waiting, timeout=0)
    with pytest.raises(Overloaded):
        await passwords.hash(PASSWORD)
    hasher.let.set()
    assert len(set(await asyncio.gather(*waiting))) == MAX_WAITING
    assert hasher.most == 1
    await passwords.hash(PASSWORD)
    await passwords.close()


@pytest.mark.parametrize("password", ["correct horse", "x" * 9 + "y", "ünïcödé pässwörd", "y" + "x" * 127])
def test_length_is_what_counts(password: str) -> None:
    check_password("password", password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "10 to 128"),
        ("x" * 8 + "y", "got 9"),
        ("y" + "x" * 128, "got 129"),
        ("Password123", "most common"),
        ("aaaaaaaaaaaa", "most common"),
        ("password123456", "most common"),
        ("Welcome2026!", "most common"),
        ("345678901234", "most common"),
        ("Ann@Shop.example", "e-mail"),
    ],
)
def test_some_passwords_are_refused(password: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        check_password("new_password", password, "ann@shop.example")
    assert refused.value.violations[0].field == "new_password"
    assert password == "" or password not in refused.value.message


def test_the_common_ones_would_be_taken_else() -> None:
    assert {word for word in COMMON if len(word) < MIN_CHARS or word != word.casefold()} == set()
