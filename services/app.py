"""The services that BentoML hosts.

bentoml serve services.app:Armoire      everything in one process, on embedded stores
bentoml serve services.app:Inference    the models alone, on the machine with the device
bentoml serve services.app:Catalog      the catalogue alone, calling an Inference over gRPC
bentoml serve services.app:Edges        experimental: several processes before one with the models, for a GPU
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import bentoml

from services.edge.late_http import LateHttp
from services.host import bentoml_supervisor as supervisor
from services.host.hosted import Hosted, running_application
from settings import load_settings

if TYPE_CHECKING:
    from services.host.application import Application
    from services.host.device_process import DeviceProcess
    from services.host.metrics import Metrics
    from settings import Settings

# NumPy's own threads would have each small product wait for a core that a model has. Workers inherit this.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

LOOPBACK: dict[str, Any] = {"http": {"host": "127.0.0.1", "port": 3000}, "workers": 1}


@bentoml.service(name="armoire", **LOOPBACK)
@bentoml.asgi_app(LateHttp(running_application))
class Armoire(Hosted):
    """Everything in one process."""


@bentoml.service(name="armoire-inference", **LOOPBACK)
@bentoml.asgi_app(LateHttp(running_application))
class Inference(Hosted):
    """The models alone."""

    catalog = False


@bentoml.service(name="armoire-catalog", **LOOPBACK)
@bentoml.asgi_app(LateHttp(running_application))
class Catalog(Hosted):
    """The catalogue alone."""

    models = False


@bentoml.service(name="armoire-device", **LOOPBACK)
class Device(Hosted):
    """The models, for the edges of this machine; no calls of its own."""

    def build(self, settings: Settings, metrics: Metrics) -> DeviceProcess:
        from services.host.composition import build_device_process

        return build_device_process(settings, metrics)


def edge_count() -> int:
    """The number of edge processes; 1 where the settings are wrong, so that this process reports them."""
    try:
        return load_settings().grpc.edges
    except SystemExit:
        return 1


@bentoml.service(name="armoire-edges", **{**LOOPBACK, "workers": edge_count()})
@bentoml.asgi_app(LateHttp(running_application))
class Edges(Hosted):
    """Experimental: the models alone, for more calls than one process can take (ADR 8)."""

    catalog = False
    edge = True
    device = bentoml.depends(Device)

    def build(self, settings: Settings, metrics: Metrics) -> Application | DeviceProcess:
        supervisor.require_port(settings.grpc.port)
        return super().build(settings, metrics)
