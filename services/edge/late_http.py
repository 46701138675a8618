"""The HTTP gateway, which is built on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import BaseRoute

if TYPE_CHECKING:
    from services.edge.http.options import HttpBackend


class LateHttp(Starlette):
    """Builds its routes when the first request looks for one.

    BentoML's supervisor imports `services/app.py` as its workers do, but serves no requests.
    """

    def __init__(self, backend: Callable[[], HttpBackend]) -> None:
        super().__init__()
        self._backend = backend

    @property
    def routes(self) -> list[BaseRoute]:
        if not self.router.routes:
            from services.edge.http.app import build_http_app

            self.router.routes.extend(build_http_app(self._backend).routes)
        return self.router.routes
