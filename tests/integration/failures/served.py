"""One server for all failures, and edges before it that are full, draining, still starting or broken."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import httpx
import uvicorn

from demo.server import ROOT
from imaging.decode import DecodeLimits
from services.access.access import Anyone
from services.access.rates import RateLimits
from services.access.sql.access_database import access_database
from services.access.tenant import Defaults
from services.access.tenants import Tenants
from services.audit.trail import AuditTrail
from services.catalog.options import CatalogOptions
from services.edge.bulk_streams import BulkOptions
from services.edge.calls import Calls
from services.edge.hosted_service import HostedMethod, HostedService
from services.edge.http.app import build_http_app
from services.edge.http.options import HttpOptions
from services.edge.late_servicer import LateServicer
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.servicer import OPEN_INFERENCE, hosted_open_inference
from services.edge.server import GrpcOptions, GrpcServer
from services.host.access_part import AccessOptions
from services.host.application import Application, ApplicationOptions
from services.host.metrics.prometheus import NoMetrics
from services.inference.options import InferenceOptions
from services.inference.pipeline.options import PipelineOptions
from tests.unit.services.inference.repository.conftest import (
    DETECTOR,
    EMBEDDER,
    FolderStore,
    second_version,
)

MAX_MESSAGE_BYTES, MAX_IMAGE_BYTES, MAX_MODEL_BYTES = 2 * 2**20, 500_000, 80_000_000
BULK_STREAMS = 2
MAX_BYTES_KEPT = 450_000
MEGAPIXELS_PER_MINUTE = 1
PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0].read_bytes()
LONGEST_S = 120.0


@dataclass(eq=False)
class Edge:
    """The services on ports of their own, over gRPC and HTTP."""

    services: Sequence[HostedService]
    calls: Calls
    open_inference: DataPlane | None = None
    options: HttpOptions = HttpOptions()
    max_message_bytes: int = MAX_MESSAGE_BYTES
    _methods: dict[str, HostedMethod] = field(default_factory=dict, init=False)

    def method(self, path: str) -> HostedMethod:
        return self._methods[path]

    @asynccontextmanager
    async def serving(self, methods: dict[str, HostedMethod]) -> AsyncIterator[None]:
        """`methods` are all that callers know of, hosted here or not."""
        self._methods = methods
        server = GrpcServer(
            GrpcOptions("127.0.0.1:0", self.max_message_bytes, drain_s=0), self.services, self.calls
        )
        await server.start()
        app = build_http_app(lambda: self, self.options)
        config = uvicorn.Config(app, log_config=None, timeout_keep_alive=3600, timeout_graceful_shutdown=1)
        config.load()
        gateway = uvicorn.Server(config)
        gateway.lifespan = config.lifespan_class(config)
        listener = socket.create_server(("127.0.0.1", 0))
        await gateway.startup([listener])
        options = [("grpc.max_send_message_length", -1)]
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        async with (
            grpc.aio.insecure_channel(server.address, options=options) as self.channel,
            httpx.AsyncClient(base_url=url, timeout=LONGEST_S) as self.http,
        ):
            yield
        await gateway.shutdown([listener])
        await server.stop()


class Broken:
    """A servicer with a fault: every call of one response fails."""

    def __getattr__(self, _method: str) -> Any:
        async def fail(request: Any, context: Any) -> None:
            raise ZeroDivisionError("a secret")

        return fail


def application(home: Path) -> Application:
    store = home / "store"
    second_version(DETECTOR, store / "other-detector")
    models = InferenceOptions(
        DETECTOR,
        EMBEDDER,
        cache_folder=home / "cache",
        journal_folder=home / "models",
        configured={"detect": "first detector", "embed": "first embedder"},
        max_model_bytes=MAX_MODEL_BYTES,
        pipeline=PipelineOptions(decode=decode_limits()),
    )

    def catalog() -> CatalogOptions:
        return CatalogOptions(
            f"sqlite:///{home / 'catalog.db'}",
            str(home / "blobs"),
            str(home / "vectors.db"),
            decode_limits=decode_limits(),
        )

    options = ApplicationOptions(
        home,
        ROOT / "domain/taxonomy.toml",
        models,
        catalog,
        access=AccessOptions(
            False, f"sqlite:///{home / 'access.db'}", home, defaults=Defaults(max_bytes=MAX_BYTES_KEPT)
        ),
        model_store=FolderStore(store),
        grpc=GrpcOptions("127.0.0.1:0", drain_s=0),
        bulk=BulkOptions(max_streams=BULK_STREAMS),
    )
    return Application(options, NoMetrics())


def few_pixels() -> Anyone:
    """Callers who may send few pixels."""
    defaults = Defaults(megapixels_per_minute=MEGAPIXELS_PER_MINUTE)
    database = access_database("sqlite:///never-opened.db")
    return Anyone(rates=RateLimits(Tenants(database, AuditTrail(database), defaults)))


def decode_limits() -> DecodeLimits:
    return DecodeLimits(max_bytes=MAX_IMAGE_BYTES)


def unhosted(services: Sequence[HostedService]) -> list[HostedService]:
    """The services as they are while they start."""
    return [HostedService(each.descriptor, LateServicer(each.descriptor)) for each in services]


def with_calls(services: Sequence[HostedService], calls: Calls, plane: DataPlane) -> list[HostedService]:
    """The services; the Open Inference Protocol admits the requests of its streams by `calls`."""
    others = [each for each in services if each.descriptor is not OPEN_INFERENCE]
    return [*others, hosted_open_inference(plane, calls)]
