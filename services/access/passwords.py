"""Passwords: which are taken, and their hashes."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import InvalidInput, Overloaded

T = TypeVar("T")

MIN_CHARS, MAX_CHARS = 10, 128
MAX_WAITING = 32
COMMON = frozenset(
    (
        "0123456789",
        "1234567890",
        "12345678910",
        "123456789a",
        "0987654321",
        "9876543210",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "qwertyuiop",
        "qwerty12345",
        "qwerty123456",
        "asdfghjkl;",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passw0rd123",
        "iloveyou123",
        "letmein123",
        "welcome123",
        "welcome1234",
        "administrator",
        "administrator1",
        "changeme123",
        "changeme1234",
        "unknown123",
        "football123",
        "baseball123",
        "sunshine123",
        "superman123",
        "princess123",
    )
)
"""Of at least `MIN_CHARS` characters, and guessed first."""
_DIGITS = "0123456789"
_STEMS = frozenset(word.rstrip(_DIGITS) for word in COMMON) - {""}
"""With any digits behind them they are guessed next."""


class Hasher(Protocol):
    """What `argon2.PasswordHasher` does; it computes for some 50 ms with 64 MiB of memory."""

    def hash(self, password: str, /) -> str: ...

    def verify(self, hash: str, password: str, /) -> bool: ...

    def check_needs_rehash(self, hash: str, /) -> bool: ...


class Passwords:
    """Hashes and checks passwords on one thread, so that sign-ins take one core and 64 MiB at most.

    Source: argon2id with the parameters of RFC 9106, section 4, second recommended option.
    """

    def __init__(self, hasher: Hasher | None = None) -> None:
        self._hasher: Hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        self._waiting = 0
        self._nobodys = ""

    async def close(self) -> None:
        """Wait for what is being hashed."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """The hash to keep. Raises Overloaded if too many are waiting."""
        return await self._run(lambda: self._hasher.hash(_normalized(password)))

    async def verified(self, held: str, password: str) -> str | None:
        """The hash to keep from now on if the password is that of the hash `held`; None if it is not.

        It takes as long where nothing is held, so that nobody learns who has an account. What is returned
        differs from `held` where the parameters have changed since.

        Raises:
            Overloaded: too many are waiting.
        """
        return await self._run(lambda: self._verified(held, _normalized(password)))

    def _verified(self, held: str, password: str) -> str | None:
        if not self._nobodys:
            self._nobodys = self._hasher.hash(secrets.token_urlsafe())
        try:
            self._hasher.verify(held or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return None
        if not held:
            return None
        return self._hasher.hash(password) if self._hasher.check_needs_rehash(held) else held

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Overloaded(f"{MAX_WAITING} passwords are being checked; try again shortly")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def check_password(field: str, password: str, email: str = "") -> None:
    """Raise InvalidInput for a password that nobody should have.

    Source: NIST SP 800-63B, section 3.1.1.2: length and a block list, no rules of composition.
    """
    password = _normalized(password)
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise InvalidInput(field, f"must have {MIN_CHARS} to {MAX_CHARS} characters, got {len(password)}")
    spelling = password.casefold()
    if spelling in COMMON or spelling.rstrip(f"{_DIGITS}!") in _STEMS or _is_row(spelling):
        raise InvalidInput(field, "is one of the most common passwords; take another")
    if email and spelling == email.casefold():
        raise InvalidInput(field, "must not be the e-mail address")


def _is_row(spelling: str) -> bool:
    """Whether it is one character again and again, or the digits in their order."""
    return len(set(spelling)) == 1 or spelling in _DIGITS * (MAX_CHARS // len(_DIGITS) + 2)


def check_given_password(field: str, password: str) -> None:
    """Raise InvalidInput for what cannot be anybody's password, since none is empty or so long."""
    if not 0 < len(password) <= MAX_CHARS:
        raise InvalidInput(field, f"must have 1 to {MAX_CHARS} characters, got {len(password)}")


def _normalized(password: str) -> str:
    """Keyboards and systems write the same character in several ways. Source: NIST SP 800-63B, 3.1.1.2."""
    return unicodedata.normalize("NFKC", password)
