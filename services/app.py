"""The services that BentoML hosts.

bentoml serve services.app:Armoire      everything in one process, on embedded stores
bentoml serve services.app:Inference    the models alone, on the machine with the device
bentoml serve services.app:Catalog      the catalogue alone, calling an Inference over gRPC
bentoml serve services.app:Worker       works on jobs and operations of catalogues elsewhere, on shared stores
bentoml serve services.app:Edges        experimental: several processes before one with the models, for a GPU
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import bentoml

from services.edge.late_http import LateHttp
from services.host import bentoml_supervisor as supervisor
from services.host.bento import find_client
from services.host.hosted import Hosted, running_application
from settings import load_settings

if TYPE_CHECKING:
    from services.host.application import Application
    from services.host.device_process import DeviceProcess
    from services.host.metrics.prometheus import Metrics
    from settings import Settings


def settings_if_valid() -> Settings | None:
    """The settings; None if they are invalid, which the worker reports when it starts."""
    try:
        return load_settings()
    except SystemExit:
        return None


SETTINGS = settings_if_valid()
find_client()

# Workers inherit these variables. With more threads, NumPy would compete with the models for cores. BentoML
# makes spans of each HTTP request, exported or not, which takes a fifth of its CPU. Tags of models are looked
# up in the store that `python -m export` writes to.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OTEL_SDK_DISABLED", "true")
if SETTINGS is not None:
    os.environ.setdefault("BENTOML_HOME", str(SETTINGS.bentoml_home))

if supervisor.is_worker():
    from services.host.metric_files import reserve_metric_files

    reserve_metric_files()
else:
    from services.host.exit_limit import CLOSING_S, END_S
    from services.host.metric_folder import separate_folders
    from services.host.supervisor_endpoints import close_endpoints

    close_endpoints((SETTINGS.grpc.drain_s if SETTINGS else 0) + CLOSING_S + END_S)
    separate_folders()

# BentoML's metrics make a series of every path that a caller thinks of, and keep it.
HOSTING: dict[str, Any] = {
    "http": {"host": "127.0.0.1", "port": 3000},
    "workers": 1,
    "metrics": {"enabled": False},
}


@bentoml.service(name="armoire", **HOSTING)
@bentoml.asgi_app(LateHttp(running_application))
class Armoire(Hosted):
    """Everything in one process."""


@bentoml.service(name="armoire-inference", **HOSTING)
@bentoml.asgi_app(LateHttp(running_application))
class Inference(Hosted):
    """InferenceService without a catalogue."""

    catalog = False


@bentoml.service(name="armoire-catalog", **HOSTING)
@bentoml.asgi_app(LateHttp(running_application))
class Catalog(Hosted):
    """CatalogService without models."""

    models = False


@bentoml.service(name="armoire-worker", **HOSTING)
class Worker(Hosted):
    """Works on jobs and operations of catalogues elsewhere; its HTTP port has health and metrics."""

    def build(self, settings: Settings, metrics: Metrics) -> Application:
        from services.host.composition import build_worker

        return build_worker(settings, metrics)


@bentoml.service(name="armoire-device", **HOSTING)
class Device(Hosted):
    """The device process with the models, for the edges of this machine; it serves no calls."""

    def build(self, settings: Settings, metrics: Metrics) -> DeviceProcess:
        from services.host.composition import build_device_process

        return build_device_process(settings, metrics)


@bentoml.service(name="armoire-edges", **{**HOSTING, "workers": SETTINGS.grpc.edges if SETTINGS else 1})
@bentoml.asgi_app(LateHttp(running_application))
class Edges(Hosted):
    """Experimental: InferenceService in several edge processes (ADR 8)."""

    catalog = False
    edge = True
    device = bentoml.depends(Device)

    def build(self, settings: Settings, metrics: Metrics) -> Application | DeviceProcess:
        supervisor.require_port(settings.grpc.port)
        return super().build(settings, metrics)
