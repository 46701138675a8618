"""One request of a webhook: signed, to a checked address, with little patience."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from domain.errors import InvalidInput
from services.catalog.limits import check_url
from services.catalog.web.addresses import CheckedNetwork, IsAllowed, is_public
from services.catalog.web.fetcher import host_of

PREFIX = "whsec_"
_SECRET_BYTES = 32
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class SendOptions:
    """Where events may be sent, and how.

    Attributes:
        allow_http: whether URLs without TLS are taken.
        allow_private: whether addresses that are not of the public internet are.
        timeout_s: how long one request may take.
    """

    allow_http: bool = False
    allow_private: bool = False
    timeout_s: float = 10.0
    max_url_chars: int = 2000


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of a request: the HTTP status, 0 without an answer, and what went wrong, or ""."""

    status: int
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, id: str, timestamp_s: int, body: str) -> str:
    """The header webhook-signature.

    Source: Standard Webhooks specification, "Signature scheme" (symmetric).
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{id}.{timestamp_s}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


class WebhookSender:
    """Sends events with POST. It follows no redirects, reads no bodies, knows no cookies and no proxies."""

    def __init__(
        self,
        options: SendOptions = SendOptions(),
        is_allowed: IsAllowed | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`is_allowed` checks each address, instead of the options; `trust` checks certificates."""
        self._options = options
        public = (lambda _: True) if options.allow_private else is_public
        network = CheckedNetwork(is_allowed or public)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust, network_backend=network, max_connections=32, keepalive_expiry=30.0
        )

    async def close(self) -> None:
        await self._pool.aclose()

    def check_url(self, url: str) -> str:
        """The URL without surrounding blanks. Raises InvalidInput where nothing may be sent to it."""
        url = check_url("url", url, self._options.max_url_chars)
        parts = urlsplit(url)
        schemes = ("https", "http") if self._options.allow_http else ("https",)
        if parts.scheme not in schemes:
            raise InvalidInput("url", f"must be {' or '.join(schemes)}", reason="URL_NOT_ALLOWED")
        if parts.username is not None or parts.password is not None:
            raise InvalidInput("url", "must name no user", reason="URL_NOT_ALLOWED")
        if not parts.hostname:
            raise InvalidInput("url", "must name a host", reason="URL_NOT_ALLOWED")
        return parts._replace(fragment="").geturl()

    async def send(self, url: str, secret: str, id: str, timestamp_s: int, body: str) -> Sent:
        """Send an event once; never raises for what the receiver does."""
        headers = {
            "content-type": "application/json",
            "user-agent": "armoire-webhook/1.0",
            "webhook-id": id,
            "webhook-timestamp": str(timestamp_s),
            "webhook-signature": signature(secret, id, timestamp_s, body),
        }
        try:
            async with asyncio.timeout(self._options.timeout_s):
                status = await self._post(self.check_url(url), headers, body)
        except TimeoutError:
            return Sent(0, f"no answer within {self._options.timeout_s:g} s")
        except InvalidInput as error:
            return Sent(0, error.message)
        except (
            *(httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError),
            *(httpcore.UnsupportedProtocol, OSError, ValueError),
        ) as error:
            return Sent(0, f"{host_of(url)} does not answer ({type(error).__name__})")
        return Sent(status, "" if status in _OK else f"{host_of(url)} answered {status}")

    async def _post(self, url: str, headers: dict[str, str], body: str) -> int:
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        async with self._pool.stream("POST", url, headers=encoded, content=body.encode()) as response:
            return response.status
