"""Bytes of allowed URLs, with limits."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpcore

from domain.errors import ArmoireError, FailedPrecondition, InvalidInput
from services.background.backoff import Backoff
from services.catalog.web.addresses import CheckedNetwork, IsAllowed, is_public
from services.catalog.web.allowed_hosts import AllowedHosts

_REDIRECTS = (301, 302, 303, 307, 308)
_OK = 200
_LATER = (408, 429)
_SERVER_ERROR = 500
PICTURES = "image/jpeg,image/png,image/webp"


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """What may be fetched, and how.

    Attributes:
        hosts: the hosts that the operator allows.
        timeout_s: how long one URL may take, redirects included.
        max_redirects: each leads to an allowed host again.
        max_url_chars: of each URL.
        tries: at a URL whose host does not answer, or says that it cannot at the moment.
        retry: the pauses between them.
        user_agent: as which the server introduces itself to hosts and their robots.txt.
    """

    hosts: AllowedHosts = AllowedHosts()
    timeout_s: float = 30.0
    max_redirects: int = 3
    max_url_chars: int = 2000
    tries: int = 3
    retry: Backoff = Backoff(0.5, 10.0)
    user_agent: str = "armoire-import/1.0"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at a URL; `url` is where redirects have led."""

    url: str
    content: bytes
    media_type: str


class FetchFailed(FailedPrecondition):
    """An allowed URL could not be fetched; `later` says whether that may pass."""

    reason = "FETCH_FAILED"

    def __init__(self, message: str, *, later: bool, status: int = 0) -> None:
        super().__init__(message, metadata={"status": str(status)} if status else None)
        self.later = later
        self.status = status


class Fetcher:
    """Fetches from public addresses of allowed hosts, with GET. It knows no cookies and no proxies."""

    def __init__(
        self,
        options: FetchOptions = FetchOptions(),
        is_allowed: IsAllowed = is_public,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`is_allowed` checks each address that is connected to; `trust` checks certificates."""
        self.options = options
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust, network_backend=CheckedNetwork(is_allowed), max_connections=32
        )

    async def close(self) -> None:
        await self._pool.aclose()

    async def fetch(self, url: str, max_bytes: int, accept: str = PICTURES) -> Fetched:
        """What is at a URL.

        Raises:
            InvalidInput: the URL, or one that it redirects to, is not allowed, or what is there is too large.
            FetchFailed: it could not be fetched, several times if that may pass.
        """
        options = self.options
        for attempt in range(1, options.tries + 1):
            try:
                async with asyncio.timeout(options.timeout_s):
                    return await self._fetch(url, max_bytes, accept)
            except TimeoutError:
                error = FetchFailed(f"{host_of(url)} took longer than {options.timeout_s:g} s", later=True)
            except FetchFailed as failure:
                error = failure
            if not error.later or attempt == options.tries:
                break
            await asyncio.sleep(options.retry.pause_s(attempt))
        raise error

    async def _fetch(self, url: str, max_bytes: int, accept: str) -> Fetched:
        for _ in range(self.options.max_redirects + 1):
            url = self.options.hosts.check(url, self.options.max_url_chars)
            answer = await self._get(url, max_bytes, accept)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise FetchFailed(f"more than {self.options.max_redirects} redirects", later=False)

    async def _get(self, url: str, max_bytes: int, accept: str) -> Fetched | str:
        """What is at a URL, or the one that it redirects to."""
        headers = [
            ("user-agent", self.options.user_agent),
            ("accept", accept),
            ("accept-encoding", "identity"),
        ]
        each_s = dict.fromkeys(("connect", "read", "write", "pool"), self.options.timeout_s)
        try:
            async with self._pool.stream(
                "GET", url, headers=headers, extensions={"timeout": each_s}
            ) as response:
                return await _read(url, response, max_bytes)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
            problem = type(error).__name__
            raise FetchFailed(f"{host_of(url)} does not answer ({problem})", later=True) from error


async def _read(url: str, response: httpcore.Response, max_bytes: int) -> Fetched | str:
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
    if response.status in _REDIRECTS and "location" in headers:
        return headers["location"]
    if response.status != _OK:
        later = response.status in _LATER or response.status >= _SERVER_ERROR
        problem = f"{host_of(url)} answered {response.status}"
        raise FetchFailed(problem, later=later, status=response.status)
    if headers.get("content-encoding", "identity") != "identity":
        raise FetchFailed(f"{host_of(url)} sent compressed bytes, unasked", later=False)
    _check_length(headers, max_bytes)
    content = bytearray()
    async for chunk in response.aiter_stream():
        content += chunk
        if len(content) > max_bytes:
            raise _too_large(max_bytes)
    return Fetched(url, bytes(content), headers.get("content-type", "").partition(";")[0].strip().lower())


def _check_length(headers: Mapping[str, str], max_bytes: int) -> None:
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> ArmoireError:
    return InvalidInput("url", f"what is there has more than {max_bytes} bytes", reason="FETCH_TOO_LARGE")


def host_of(url: str) -> str:
    """The host of a URL, for messages."""
    return (urlsplit(url).hostname or "the host")[:100]
