"""The HTTP server of this process, which is BentoML's uvicorn, gets the limits of this application."""

from __future__ import annotations

import signal
from typing import Any

from domain.errors import FailedPrecondition
from services.edge.http.browser_guard import BrowserGuard, BrowserOptions
from services.edge.http.connections import ConnectionOptions, limited
from services.edge.tls import Certificates
from services.host.metrics.refresh import Refresher


def guard_http(
    browser: BrowserOptions,
    connections: ConnectionOptions,
    tls: Certificates | None = None,
    refresher: Refresher | None = None,
    drain_s: float = 20.0,
) -> None:
    """Guard the server that runs this process. To be called before it listens, while the application starts.

    With `tls` it speaks HTTPS only. With a refresher, /metrics is ours. `drain_s` is the time that requests
    have to finish on shutdown.

    Raises:
        FailedPrecondition: no uvicorn runs this process, so requests would come in unguarded.
    """
    config = _uvicorn_config()
    _remove_time_limit(config.loaded_app)
    if refresher is not None:
        from services.host.metrics.page import MetricsPage

        config.loaded_app = MetricsPage(config.loaded_app, refresher.refresh)
    config.loaded_app = BrowserGuard(config.loaded_app, browser)
    config.http_protocol_class = limited(config.http_protocol_class, connections)
    config.timeout_graceful_shutdown = drain_s
    if tls is not None:
        config.ssl = tls.http_context()


def _remove_time_limit(app: Any) -> None:
    """Take BentoML's time limit out of an app; calls have deadlines of their own, and bodies their limits.

    It keeps the context of each request for a minute after the response: what callers send, and a timer. It
    also ends calls whose callers wait longer. BentoML's settings do not let it be left out.
    """
    while (inner := _wrapped(app)) is not None:
        if type(inner).__name__ == "TimeoutMiddleware":
            app.app = inner.app
        else:
            app = inner


def _wrapped(app: Any) -> Any:
    """The app inside a middleware, or the outermost middleware of a Starlette app; otherwise None."""
    return getattr(app, "middleware_stack", None) or getattr(app, "app", None)


def _uvicorn_config() -> Any:
    """The configuration of the server that handles SIGTERM; BentoML tells of it nowhere."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    config = getattr(server, "config", None)
    if not (hasattr(config, "loaded_app") and hasattr(config, "http_protocol_class")):
        raise FailedPrecondition("the HTTP port cannot be guarded: this process is not run by uvicorn")
    return config
