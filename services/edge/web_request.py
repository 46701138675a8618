"""What an HTTP request tells of its caller beside the call, and what its response has beside the answer."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from domain.errors import ArmoireError


@dataclass(slots=True, eq=False)
class WebRequest:
    """One HTTP request.

    Attributes:
        address: the caller's network address, as the nearest proxy tells it.
        encrypted: whether it came over TLS.
        local: whether it came from this machine.
        origin: the scheme and the host under which the caller has reached this server; "" if it is not told.
        session: the text of the session's cookie, "" without one.
        refusal: why it must neither use that cookie nor set one; None if it may.
        cookies: values of `set-cookie` headers for the response.
    """

    address: str
    encrypted: bool
    local: bool
    origin: str = ""
    session: str = field(default="", repr=False)
    refusal: ArmoireError | None = None
    cookies: list[str] = field(default_factory=list, repr=False)


WEB_REQUEST: ContextVar[WebRequest | None] = ContextVar("web_request", default=None)
"""The HTTP request of the running task; None for calls over gRPC."""


def reached_at() -> str:
    """Where the caller has reached the HTTP port; "" for calls over gRPC."""
    web = WEB_REQUEST.get()
    return "" if web is None else web.origin
