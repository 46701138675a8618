"""The web page below /app/: the files of web/, which a browser keeps for as long as they stay the same.

Every file but the document is at an address with a hash of all files, so it never changes there. The document
names the hash and the modules that every page needs, which are asked for at once, and is asked for each time.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.errors import NotFound
from services.edge.http.error_responses import refusal
from services.edge.http.exact_route import ExactRoute

ROOT = "/app/"
WEB = Path(__file__).parents[3] / "web"
DOCUMENT = "index.html"
START = "main.js"
VERSION_MARK = "/app/VERSION/"
MODULES_MARK = "<!-- modules -->"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
"""Of what a browser asks for; declarations and configurations are for the checks alone."""
_IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)";', re.MULTILINE)
"""A static import of a module by a relative path; what is imported by a call is left out."""
_FOR_EVER = "public, max-age=31536000, immutable"
_HASH_CHARS = 16
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' blob: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "vary": "accept-encoding",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file as it is sent; `packed` is its gzip."""

    media_type: str
    content: bytes
    packed: bytes


class WebPage:
    """The files of a folder, which are read at the first request."""

    def __init__(self, folder: Path = WEB) -> None:
        self._folder = folder

    @property
    def exists(self) -> bool:
        """Whether the folder is there; a package may leave it out."""
        return (self._folder / DOCUMENT).is_file()

    @cached_property
    def version(self) -> str:
        """A hash of all names and contents."""
        digest = hashlib.sha256()
        for name, content in self._contents.items():
            digest.update(f"{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()[:_HASH_CHARS]

    def routes(self) -> list[Route]:
        return [ExactRoute(ROOT.rstrip("/"), _to_page), ExactRoute(f"{ROOT}{{path:path}}", self.respond)]

    def respond(self, request: Request) -> Response:
        """A file at its address with the hash, and the document at all addresses of pages.

        A file that there is not, such as one of another version, is not found.
        """
        path: str = request.path_params["path"]
        version, _, name = path.partition("/")
        if version == self.version and name in self._files:
            return _response(request, self._files[name], {"cache-control": _FOR_EVER})
        if Path(path).suffix:
            return refusal(request.scope, NotFound("path", request.url.path))
        return self._document(request)

    def _document(self, request: Request) -> Response:
        etag = f'"{self.version}"'
        headers = {"cache-control": "no-cache", "etag": etag}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={**_HEADERS, **headers})
        return _response(request, self._files[DOCUMENT], headers)

    @cached_property
    def _contents(self) -> dict[str, bytes]:
        paths = sorted(path for path in self._folder.rglob("*") if _is_sent(path))
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def _files(self) -> dict[str, WebFile]:
        return {name: _web_file(name, content) for name, content in self._finished()}

    def _finished(self) -> Iterator[tuple[str, bytes]]:
        """All files; the document gets the hash and the names of the modules that are asked for at once."""
        for name, content in self._contents.items():
            yield name, self._filled_in(content.decode()) if name == DOCUMENT else content

    def _filled_in(self, document: str) -> bytes:
        modules = [name for name in self._needed() if f'{name}"' not in document]
        links = "".join(f'<link rel="modulepreload" href="{VERSION_MARK}{name}" />' for name in modules)
        linked = document.replace(MODULES_MARK, links)
        return linked.replace(VERSION_MARK, f"{ROOT}{self.version}/").encode()

    def _needed(self) -> list[str]:
        """The module that starts the page, and those that it imports, directly or by others."""
        found = [START]
        for name in found:
            folder = posixpath.dirname(name)
            for path in _IMPORT.findall(self._contents[name].decode()):
                module = posixpath.normpath(posixpath.join(folder, path))
                if module not in found:
                    found.append(module)
        return sorted(found)


def _to_page(_: Request) -> Response:
    return RedirectResponse(ROOT)


def _is_sent(path: Path) -> bool:
    return path.suffix in MEDIA_TYPES and path.is_file()


def _web_file(name: str, content: bytes) -> WebFile:
    return WebFile(MEDIA_TYPES[Path(name).suffix], content, gzip.compress(content, mtime=0))


def _response(request: Request, file: WebFile, headers: dict[str, str]) -> Response:
    headers = {**_HEADERS, **headers}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.content, media_type=file.media_type, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(file.packed, media_type=file.media_type, headers=headers)
