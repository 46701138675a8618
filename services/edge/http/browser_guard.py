"""Keeps out the web pages of other origins, and closes the routes that are not the application's.

A browser sends requests to a server on its user's machine or network for any page that it shows. The page
must not have anything done by them, neither under its own name nor under one that it has pointed to the
server's address (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import ArmoireError, InvalidInput, NotFound, PermissionDenied
from services.edge.calls import END_USER_KEY

PROBES = frozenset({"/livez", "/readyz", "/healthz"})
"""Say nothing but whether the server is well, so they answer under every name."""
CLOSED = ("/docs.json", "/schema.json", "/static_content")
"""Routes of BentoML's, which describe its own view of the services."""
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of responses that have none of their own. Source: OWASP, *HTTP Security Response Headers*."""
LINKS = "/blobs/"
"""Below it are pictures that any page may show by a link with a signature."""
_CORS_METHODS = ("GET", "HEAD", "POST", "PUT")
_CORS_HEADERS = (
    "content-type",
    "connect-protocol-version",
    "connect-timeout-ms",
    "grpc-timeout",
    "x-grpc-web",
    "x-user-agent",
    "x-request-id",
    END_USER_KEY,
    "inference-header-content-length",
    "if-none-match",
    "if-range",
    "range",
)
_EXPOSED_HEADERS = (
    "accept-ranges",
    "content-range",
    "etag",
    "grpc-status",
    "grpc-message",
    "grpc-status-details-bin",
    "inference-header-content-length",
    "location",
    "retry-after",
    "x-request-id",
)


@dataclass(frozen=True, slots=True)
class BrowserOptions:
    """Attributes:
    allowed_hosts: the names under which the server answers, beside IP addresses; "*" stands for all.
    allowed_origins: the origins, such as https://shop.example, whose pages may call the server.
    """

    allowed_hosts: tuple[str, ...] = ("localhost",)
    allowed_origins: tuple[str, ...] = ()


class StrangeHost(PermissionDenied):
    """The request names a host that is none of this server's."""

    reason = "HOST_NOT_ALLOWED"
    http_status = 421

    def __init__(self) -> None:
        super().__init__("this server does not answer to this host name: see ARMOIRE_HTTP__ALLOWED_HOSTS")


class StrangeOrigin(PermissionDenied):
    """The request is of a page that may not call this server."""

    reason = "ORIGIN_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("pages of this origin may not call this server: see ARMOIRE_HTTP__ALLOWED_ORIGINS")


class BrowserGuard:
    """Wraps the ASGI app of the whole HTTP port, outside of what logs requests."""

    def __init__(self, app: ASGIApp, options: BrowserOptions = BrowserOptions()) -> None:
        self._options = options
        self._app: ASGIApp = app
        if options.allowed_origins:
            self._app = CORSMiddleware(
                app,
                allow_origins=options.allowed_origins,
                allow_methods=_CORS_METHODS,
                allow_headers=_CORS_HEADERS,
                expose_headers=_EXPOSED_HEADERS,
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        # A header that is not ASCII is none that this server knows; access logs cannot be written of it.
        scope = {**scope, "headers": list(_ascii_headers(scope["headers"]))}
        try:
            self._check(scope["method"], scope["path"], Headers(scope=scope))
        except ArmoireError as error:
            await _refused(scope, error)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _check(self, method: str, path: str, headers: Headers) -> None:
        if not path.isprintable():
            raise InvalidInput("path", "must have printable characters only")
        if path.startswith(CLOSED):
            raise NotFound("path", path)
        host = headers.get("host", "").lower()
        if path not in PROBES and not self._answers_to(host):
            raise StrangeHost
        if not (_shows_link(method, path, headers) or self._may_call(method, host, headers)):
            raise StrangeOrigin

    def _answers_to(self, host: str) -> bool:
        """Whether the Host header is an IP address or an allowed name; a rebound name is neither."""
        allowed = self._options.allowed_hosts
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return "*" in allowed or name in ("", *allowed) or _is_ip_address(name)

    def _may_call(self, method: str, host: str, headers: Mapping[str, str]) -> bool:
        """Whether the request is of no page, of one of this server, or of an allowed origin.

        Source: W3C, *Fetch Metadata Request Headers*; OWASP, *Cross-Site Request Forgery Prevention*.
        """
        origin = headers.get("origin")
        if origin is not None:
            return origin in self._options.allowed_origins or origin.lower().partition("://")[2] == host
        if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
            return True
        followed = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return followed and method == "GET"


def _ascii_headers(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The headers without those that are not ASCII; an end user's id becomes "", which is refused later."""
    for name, value in headers:
        if value.isascii():
            yield name, value
        elif name == END_USER_KEY.encode():
            yield name, b""


def _shows_link(method: str, path: str, headers: Mapping[str, str]) -> bool:
    """Whether a page shows the picture of a link, which it cannot read."""
    return path.startswith(LINKS) and method in ("GET", "HEAD") and "origin" not in headers


def _is_ip_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _refused(scope: Scope, error: ArmoireError) -> ASGIApp:
    """The connection of the response ends, because the body is not read."""
    from services.edge.http.error_responses import refusal  # with libraries that a start does not wait for

    return refusal(scope, error, {"connection": "close"})
