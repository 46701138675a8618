"""The base of the BentoML services: the life cycle of one process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import bentoml

from services.host import bentoml_supervisor as supervisor
from services.host.exit_limit import CLOSING_S, END_S, exit_within
from services.host.home import keep_private
from services.host.log_config import configure_audit_lines, configure_logging
from services.host.memory import trim_memory
from services.host.open_files import raise_open_files
from settings import Settings, load_settings

if TYPE_CHECKING:
    from services.host.application import Application
    from services.host.device_process import DeviceProcess
    from services.host.metrics.prometheus import Metrics

OTHER_FILES = 512
"""Files and connections beside those of callers: stores, models, threads."""


class Hosted:
    """Adapts one `Application` or `DeviceProcess` to the life cycle of BentoML.

    The parts of a process are imported when a worker makes one, because BentoML's supervisor imports
    `services/app.py`, too, but starts nothing.
    """

    models = True
    catalog = True
    edge = False

    def __init__(self) -> None:
        from services.host.metrics.prometheus import PrometheusMetrics

        with supervisor.report_start_failure():
            self.settings = settings = load_settings()
            configure_logging(settings.log_level, settings.log_format)
            keep_private(settings.home)
            configure_audit_lines(settings.audit.lines)
            raise_open_files(settings.http.max_connections + settings.grpc.max_connections + OTHER_FILES)
            self.application = self.build(settings, PrometheusMetrics())

    def build(self, settings: Settings, metrics: Metrics) -> Application | DeviceProcess:
        from services.host.composition import build_application

        return build_application(settings, metrics, models=self.models, catalog=self.catalog, edge=self.edge)

    @bentoml.on_startup  # type: ignore[untyped-decorator]
    async def start(self) -> None:
        with supervisor.report_start_failure():
            self.guard_http()
            await supervisor.cancel_on_signal(self.application.start())
            supervisor.call_on_signal(self.begin_stop)
            await asyncio.to_thread(import_http)
            trim_memory()

    def guard_http(self) -> None:
        from services.host.composition import browser_options, certificates, connection_options
        from services.host.http_server import guard_http

        settings = self.settings
        guard_http(
            browser_options(settings),
            connection_options(settings),
            certificates(settings),
            getattr(self.application, "refresher", None),
            settings.grpc.drain_s,
        )

    def begin_stop(self) -> None:
        exit_within(self.settings.grpc.drain_s + CLOSING_S)
        self.application.begin_drain()

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    async def stop(self) -> None:
        await self.application.stop()
        exit_within(END_S)

    async def __is_ready__(self) -> bool:
        return self.application.ready


def running_application() -> Application:
    """The application of the service that BentoML runs in this process."""
    return cast("Application", cast(Hosted, bentoml.get_current_service()).application)


def import_http() -> None:
    """Import the gateway's libraries, so that no request waits for them."""
    import services.edge.http.app  # noqa: F401
