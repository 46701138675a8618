"""The cookies of sessions: which requests may use one, and how it is set."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import ArmoireError, PermissionDenied
from services.edge.web_request import WEB_REQUEST, WebRequest

PLAIN_NAME = "armoire"
TLS_NAME = f"__Host-{PLAIN_NAME}"
"""Browsers take it only over TLS, for this host and for the path /. Source: RFC 6265bis, section 4.1.3.2."""
CUSTOM_HEADER = "x-requested-with"
_FORM_TYPES = ("", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded")
"""What pages of others may send without asking. Source: WHATWG, Fetch, "CORS-safelisted request-header"."""
_SAFE = ("GET", "HEAD")
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?", re.ASCII)


class SessionCookies:
    """Wraps an ASGI app: sets `WEB_REQUEST` for its calls, and sends the cookies that these set."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = read_web_request(scope)
        WEB_REQUEST.set(request)

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start" and request.cookies:
                headers = MutableHeaders(scope=message)
                for cookie in request.cookies:
                    headers.append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookies)


def read_web_request(scope: Scope) -> WebRequest:
    """What the scope of an HTTP request tells."""
    headers = Headers(scope=scope)
    address = (scope.get("client") or ("", 0))[0]
    request = WebRequest(address, encrypted=scope.get("scheme") == "https", local=_is_loopback(address))
    if _HOST.fullmatch(host := headers.get("host", "")):
        request.origin = f"{'https' if request.encrypted else 'http'}://{host}"
    request.refusal = _refusal(scope["method"], headers)
    if text := headers.get("cookie"):
        request.session = cookie_parser(text).get(cookie_name(request.encrypted), "")
    return request


def cookie_name(encrypted: bool) -> str:
    return TLS_NAME if encrypted else PLAIN_NAME


def session_cookie(text: str, encrypted: bool, max_age_s: int) -> str:
    """The value of `set-cookie`; an age of 0 deletes the cookie.

    Source: OWASP, Session Management Cheat Sheet, "Cookies".
    """
    parts = [f"{cookie_name(encrypted)}={text}", f"Max-Age={max_age_s}", "Path=/", "HttpOnly"]
    return "; ".join([*parts, "SameSite=Strict", *(["Secure"] if encrypted else [])])


def _refusal(method: str, headers: Mapping[str, str]) -> ArmoireError | None:
    """Why a request must not use its cookie, with which a page of another origin may have sent it.

    Source: OWASP, Cross-Site Request Forgery Prevention Cheat Sheet: fetch metadata, origin, custom headers.
    """
    origin = headers.get("origin")
    foreign = origin is not None and origin.lower().partition("://")[2] != headers.get("host", "").lower()
    if foreign or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        text = "a page of another origin cannot use the session of a user: send a key"
        return PermissionDenied(text, reason="CROSS_SITE_SESSION")
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if method not in _SAFE and kind in _FORM_TYPES and CUSTOM_HEADER not in headers:
        text = f"with a session, a request of this content type needs the header {CUSTOM_HEADER}"
        return PermissionDenied(text, reason="CSRF_HEADER_MISSING", metadata={"header": CUSTOM_HEADER})
    return None


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
