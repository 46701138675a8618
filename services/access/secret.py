"""Secrets of 256 random bits: what a session's cookie, an invitation and a password reset hold.

They are kept as their SHA-256, which is enough for a secret that cannot be guessed. Source: OWASP, Session
Management Cheat Sheet and Forgot Password Cheat Sheet.
"""

from __future__ import annotations

import hashlib
import re
import secrets

_BYTES = 32
_TEXT = re.compile(r"[\w-]{43}", re.ASCII)


def new_secret() -> str:
    """43 characters of A-Z, a-z, 0-9, "-" and "_"."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> bytes | None:
    """The SHA-256 of a secret; None for a text that cannot be one."""
    return hashlib.sha256(secret.encode()).digest() if _TEXT.fullmatch(secret) else None
