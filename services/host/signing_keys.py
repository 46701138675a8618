"""The keys that sign links: those of the settings, or one that the home folder keeps."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from domain.errors import FailedPrecondition
from services.catalog.blobs.signing import SigningKey, parse_keys

FILE = "url-keys"
"""Of the home folder: a key on each line, as ID:SECRET; the first signs, all are taken."""


def signing_keys(text: str, home: Path) -> tuple[SigningKey, ...]:
    """The keys of a text, or without one those of the home, which gets a key if it has none.

    Raises:
        FailedPrecondition: there are none, or one is no key.
    """
    source, path = "ARMOIRE_URLS__SIGNING_KEYS", home / FILE
    try:
        if not text:
            source = str(path)
            home.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                _write_key(path)
            text = path.read_text(encoding="utf-8")
        keys = parse_keys(text)
    except (OSError, ValueError) as error:
        raise FailedPrecondition(f"{source}: {error}") from None  # its text may hold a secret
    if not keys:
        raise FailedPrecondition(f"{source} holds no key")
    return keys


def _write_key(path: Path) -> None:
    """Make the file as a whole, for this user only. Raises FileExistsError if there is one."""
    part = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{secrets.token_hex(4)}:{secrets.token_urlsafe(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    finally:
        part.unlink()
