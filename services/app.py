"""The composition root: reads the settings, builds everything once, and lets BentoML host it.

bentoml serve services.app:Armoire      everything in one process, on embedded stores
bentoml serve services.app:Inference    the models alone, on the machine with the device
bentoml serve services.app:Catalog      the catalogue alone, calling an Inference over gRPC
bentoml serve services.app:Edges        experimental: several processes before one with the models, for a GPU
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, Any, cast

import bentoml
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from services.host import bentoml_supervisor as supervisor
from services.host import memory
from settings import load_settings

if TYPE_CHECKING:
    from services.host.application import Application
    from services.host.device_process import DeviceProcess
    from settings import Settings

# NumPy's own threads would have each small product wait for a core that a model has. Workers inherit this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class PrometheusMetrics:
    """What /metrics shows of calls and batches; registered with BentoML's registry when it is made."""

    def __init__(self) -> None:
        seconds = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
        sizes = (1, 2, 4, 8, 16, 32, 64)
        self._calls = bentoml.metrics.Histogram(
            "armoire_call_seconds", "Seconds of a call", ["method", "status"], buckets=seconds
        )
        self._batch_rows = bentoml.metrics.Histogram(
            "armoire_batch_rows", "Rows in a batch", ["model"], buckets=sizes
        )
        self._batch_seconds = bentoml.metrics.Histogram(
            "armoire_batch_seconds", "Seconds of a batch on the device", ["model"], buckets=seconds
        )

    def observe_call(self, method: str, status: str, seconds: float) -> None:
        self._calls.labels(method=method, status=status).observe(seconds)

    def observe_batch(self, model: str, rows: int, seconds: float) -> None:
        self._batch_rows.labels(model=model).observe(rows)
        self._batch_seconds.labels(model=model).observe(seconds)


def start_logging(level: str) -> None:
    """One line an event on stderr, for this application's loggers."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("armoire", "services"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False


class Hosted:
    """What BentoML calls: a life cycle around one `Application`.

    The rooms are imported when a worker makes one: BentoML's supervisor reads this file too, and only reads.
    """

    models = True
    catalog = True
    edge = False

    def __init__(self) -> None:
        with supervisor.report_start_failure():
            settings = load_settings()
            start_logging(settings.log_level)
            self.application = self.build(settings, PrometheusMetrics())

    def build(self, settings: Settings, metrics: PrometheusMetrics) -> Application | DeviceProcess:
        from services.host.application import Application
        from services.host.composition import application_options

        options = application_options(settings, models=self.models, catalog=self.catalog, edge=self.edge)
        return Application(options, metrics)

    @bentoml.on_startup  # type: ignore[untyped-decorator]
    async def start(self) -> None:
        with supervisor.report_start_failure():
            await supervisor.cancel_on_signal(self.application.start())
        await asyncio.to_thread(_import_http)
        memory.settle()

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    async def stop(self) -> None:
        await self.application.stop()

    async def __is_ready__(self) -> bool:
        return self.application.ready


def running_application() -> Application:
    """The application of the service that BentoML runs in this process."""
    return cast("Application", cast(Hosted, bentoml.get_current_service()).application)


def _import_http() -> None:
    import services.edge.http  # noqa: F401  (here, so that no request waits for it)


class LateHttp(Starlette):
    """The HTTP twins, made when the first request looks for its route: the supervisor gets none."""

    @property
    def routes(self) -> list[BaseRoute]:
        if not self.router.routes:
            from services.edge.http import build_http_app

            self.router.routes.extend(build_http_app(running_application).routes)
        return self.router.routes


LOOPBACK: dict[str, Any] = {"http": {"host": "127.0.0.1", "port": 3000}, "workers": 1}


@bentoml.service(name="armoire", **LOOPBACK)
@bentoml.asgi_app(LateHttp())
class Armoire(Hosted):
    """Everything in one process."""


@bentoml.service(name="armoire-inference", **LOOPBACK)
@bentoml.asgi_app(LateHttp())
class Inference(Hosted):
    """The models alone."""

    catalog = False


@bentoml.service(name="armoire-catalog", **LOOPBACK)
@bentoml.asgi_app(LateHttp())
class Catalog(Hosted):
    """The catalogue alone."""

    models = False


@bentoml.service(name="armoire-device", **LOOPBACK)
class Device(Hosted):
    """The models, for the edges of this machine; no calls of its own."""

    def build(self, settings: Settings, metrics: PrometheusMetrics) -> DeviceProcess:
        from services.host.composition import device_process

        return device_process(settings, metrics)


def edge_count() -> int:
    """One where the settings are wrong: that process says so."""
    try:
        return load_settings().grpc.edges
    except SystemExit:
        return 1


@bentoml.service(name="armoire-edges", **{**LOOPBACK, "workers": edge_count()})
@bentoml.asgi_app(LateHttp())
class Edges(Hosted):
    """Experimental: the models alone, for more calls than one process can take (ADR 8)."""

    catalog = False
    edge = True
    device = bentoml.depends(Device)

    def build(self, settings: Settings, metrics: PrometheusMetrics) -> Application | DeviceProcess:
        supervisor.require_port(settings.grpc.port)
        return super().build(settings, metrics)
