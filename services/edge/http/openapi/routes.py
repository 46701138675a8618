"""The routes of the description and of the page that shows it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from services.edge.http.exact_route import ExactRoute
from services.edge.http.openapi.document import build_document
from services.edge.http.options import HttpBackend, HttpOptions

PAGE = Path(__file__).with_name("page")
_FILES = {"/docs": "index.html", "/docs/page.css": "page.css", "/docs/page.js": "page.js"}
_HEADERS = {
    "cache-control": "no-cache",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
}
"""The page loads nothing from elsewhere, and the browser sees to it."""


def openapi_routes(backend: Callable[[], HttpBackend], options: HttpOptions) -> list[Route]:
    """`/openapi.json`, and `/docs` with its files."""
    files = [ExactRoute(path, _file(PAGE / name)) for path, name in _FILES.items()]
    return [ExactRoute("/openapi.json", DescriptionEndpoint(backend, options).respond), *files]


class DescriptionEndpoint:
    """Responds with the document, which is built at the first request."""

    def __init__(self, backend: Callable[[], HttpBackend], options: HttpOptions) -> None:
        self._backend = backend
        self._options = options
        self._text = b""

    async def respond(self, _: Request) -> Response:
        if not self._text:
            self._text = await asyncio.to_thread(self._build, self._backend())
        return Response(self._text, media_type="application/json", headers={"cache-control": "no-cache"})

    def _build(self, backend: HttpBackend) -> bytes:
        services = [service.descriptor for service in backend.services]
        document = build_document(services, self._options, backend.max_message_bytes)
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _file(path: Path) -> Callable[[Request], Response]:
    def respond(_: Request) -> Response:
        return FileResponse(path, headers=_HEADERS)

    return respond
