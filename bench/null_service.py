"""The null server below BentoML, with the HTTP gateway: `bentoml serve bench.null_service:Null`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import cast

import bentoml

from bench.null_server import build_server, local_runners, open_inference
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.late_http import LateHttp
from services.edge.oip.data_plane import DataPlane

os.environ.setdefault("OTEL_SDK_DISABLED", "true")  # as services/app.py


class NullBackend:
    """The gRPC server, and what the gateway needs of it."""

    def __init__(self, port: int) -> None:
        runners = local_runners()
        self.server = build_server(port, runners)
        self.open_inference: DataPlane | None = open_inference(runners)

    @property
    def calls(self) -> Calls:
        return self.server.calls

    @property
    def services(self) -> Sequence[HostedService]:
        return self.server.services

    @property
    def signed_blobs(self) -> None:
        return None

    @property
    def max_message_bytes(self) -> int:
        return self.server.options.max_message_bytes


def running_backend() -> NullBackend:
    return cast(Null, bentoml.get_current_service()).backend


@bentoml.service(name="armoire-null", workers=1)
@bentoml.asgi_app(LateHttp(running_backend))
class Null:
    """One process; its gRPC port is that of the settings."""

    @bentoml.on_startup  # type: ignore[untyped-decorator]
    async def start(self) -> None:
        self.backend = NullBackend(int(os.environ["ARMOIRE_GRPC__PORT"]))
        await self.backend.server.start()
        await self.backend.server.set_serving()

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    async def stop(self) -> None:
        await self.backend.server.stop()
