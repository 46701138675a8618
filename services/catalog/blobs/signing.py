"""Signed URLs of the HTTP port: who has one may read or write one blob until it expires, without a key.

The signature is an HMAC-SHA256 of the verb, the path, the other parameters and the moment of expiry, so that
none of them can be changed. It names its key, so that a new key can be used while URLs of the one before are
still taken.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, urlencode

from domain.errors import PermissionDenied

MIN_SECRET_CHARS = 32
_VERSION = "armoire-url-1"
_ID = re.compile(r"[\w-]{1,32}", re.ASCII)
_EXPIRES = re.compile(r"[0-9]{1,12}", re.ASCII)
_MAX_PARAMETERS = 8


class UrlRefused(PermissionDenied):
    """The URL was not made by this server, or was changed since."""

    reason = "URL_INVALID"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret that signs URLs, under a name that is no secret."""

    id: str
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of ID:SECRET. Raises ValueError, without the secret, if it is none."""
        id, _, secret = text.strip().partition(":")
        if not _ID.fullmatch(id) or len(secret) < MIN_SECRET_CHARS:
            raise ValueError(
                "a key that signs URLs must be ID:SECRET, the id 1 to 32 letters, digits, - and _, the "
                f"secret at least {MIN_SECRET_CHARS} characters"
            )
        return cls(id, secret)

    def signature(self, message: str) -> str:
        digest = hmac.digest(self.secret.encode(), message.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def parse_keys(text: str) -> tuple[SigningKey, ...]:
    """The keys of a text with one on each line, or commas between them. Raises as `SigningKey.parse`."""
    return tuple(SigningKey.parse(part) for part in re.split(r"[,\n]", text) if part.strip())


class UrlSigner:
    """Signs with the first key, and takes the signatures of all."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._first = keys[0]
        self._keys = {key.id: key for key in keys}

    def sign(self, verb: str, path: str, parameters: Mapping[str, str], expire_s: int) -> str:
        """The path with its query; `expire_s` is in seconds since 1970."""
        signed = {**parameters, "expires": str(expire_s), "key": self._first.id}
        signature = self._first.signature(_message(verb, path, signed))
        return f"{path}?{urlencode({**signed, 'signature': signature}, safe='/')}"

    def verify(self, verb: str, path: str, query: str, now_s: float) -> dict[str, str]:
        """The other parameters of a URL.

        Raises:
            UrlRefused: the signature is not of this request, or has expired.
        """
        parameters = _parse(query)
        signature, key = parameters.pop("signature", ""), self._keys.get(parameters.get("key", ""))
        wanted = (key or self._first).signature(_message(verb, path, parameters))
        if not hmac.compare_digest(wanted.encode(), signature.encode()) or key is None:
            raise UrlRefused("the signature of the URL is not valid for this request")
        expires, _ = parameters.pop("expires"), parameters.pop("key")
        if not _EXPIRES.fullmatch(expires) or now_s >= int(expires):
            raise UrlRefused("the URL has expired; ask for a new one", reason="URL_EXPIRED")
        return parameters


def _message(verb: str, path: str, parameters: Mapping[str, str]) -> str:
    """What is signed: no part of it can hold a line break, because the query has it escaped."""
    return "\n".join([_VERSION, verb, path, urlencode(sorted(parameters.items()))])


def _parse(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        pairs = []
    parameters = dict(pairs)
    if len(parameters) != len(pairs) or "expires" not in parameters:
        raise UrlRefused("the URL has no signature, or its parameters are not those that were signed")
    return parameters
