"""Addresses of stores without secrets."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_USER_INFO = re.compile(r"(\w://)[^\s'\"]*@")
"""Up to the last @, since a password may have a / that nobody has encoded."""
_SECRET = re.compile(r"(?i)((?:password|passwd|pwd|token|secret\w*|\w*access_key\w*)\s*=\s*)[^&\s]+")


def redact(text: str) -> str:
    """`text` without the user-info and the secret parameters of the URLs in it."""
    return _SECRET.sub(r"\1***", _USER_INFO.sub(r"\1***@", text))


def host_of(url: str) -> str:
    """The host and port of a URL; its path where it has no host."""
    try:
        parts = urlsplit(redact(url))
        return parts.netloc.rpartition("@")[2] or redact(url)
    except ValueError:
        return redact(url)


def driver_message(error: BaseException) -> str:
    """The driver's message, on one line and without secrets."""
    message = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return redact(" ".join(message.split("\n\nDebug source:")[0].split()))
