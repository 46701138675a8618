"""The REST routes of the protocol, below /v2."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.errors import Unimplemented
from services.edge.calls import REQUEST_ID_KEY, ActiveCall, Calls
from services.edge.decoding import LARGE_BYTES as LARGE_RAW_BYTES
from services.edge.hosted_service import UnknownMethod
from services.edge.http.bodies import limit_size
from services.edge.http.error_responses import error_response
from services.edge.http.exact_route import ExactRoute
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.inference import LARGE_BYTES
from services.edge.oip.json_messages import (
    HEADER_LENGTH,
    body_from_response,
    index_from_body,
    json_length,
    load_parameters,
    region_from_body,
    request_from_body,
)
from services.edge.oip.parameters import NO_DEVICE_MEMORY
from services.edge.oip.servicer import OPEN_INFERENCE

CLIENT_CLOSED_REQUEST = 499
"""For the access log: nobody receives the response. Source: nginx."""


class RestBackend(Protocol):
    """The server, as the routes use it; `open_inference` is None if it has no models."""

    @property
    def calls(self) -> Calls: ...

    @property
    def open_inference(self) -> DataPlane | None: ...

    @property
    def max_message_bytes(self) -> int: ...


Serve: TypeAlias = Callable[[DataPlane, Request], Awaitable[Response]]


async def metadata(plane: DataPlane, request: Request) -> Response:
    return JSONResponse(plane.server_metadata())


async def model_metadata(plane: DataPlane, request: Request) -> Response:
    return JSONResponse(plane.metadata(*_model(request)))


async def model_config(plane: DataPlane, request: Request) -> Response:
    return JSONResponse(plane.config(*_model(request)))


async def model_statistics(plane: DataPlane, request: Request) -> Response:
    return JSONResponse(plane.statistics(*_model(request)))


async def repository_index(plane: DataPlane, request: Request) -> Response:
    return JSONResponse(await plane.index(index_from_body(await request.body())))


async def load_model(plane: DataPlane, request: Request) -> Response:
    await plane.stored.load(_model(request)[0], load_parameters(await request.body()))
    return JSONResponse({})


async def unload_model(plane: DataPlane, request: Request) -> Response:
    await plane.stored.unload(_model(request)[0])
    return JSONResponse({})


async def infer(plane: DataPlane, request: Request) -> Response:
    if encoding := request.headers.get("content-encoding"):
        raise Unimplemented(
            "content-encoding", f"this server takes no {encoding} bodies; send them as they are"
        )
    body = await request.body()
    length = json_length(request.headers.get(HEADER_LENGTH), len(body))
    decode = functools.partial(request_from_body, *_model(request), body, length, plane.memory)
    large = length > LARGE_BYTES or len(body) > LARGE_RAW_BYTES
    decoded, forms = await asyncio.to_thread(decode) if large else decode()
    encode = functools.partial(body_from_response, forms=forms, memory=plane.memory)
    content, head = await plane.infer(decoded, encode)
    if not head:
        return Response(content, media_type="application/json")
    headers = {HEADER_LENGTH: str(head)}
    return Response(content, media_type="application/octet-stream", headers=headers)


async def refuse_device_memory(plane: DataPlane, request: Request) -> Response:
    raise Unimplemented("shared memory", NO_DEVICE_MEMORY)


async def no_regions(plane: DataPlane, request: Request) -> Response:
    return JSONResponse([])


async def unregister_nothing(plane: DataPlane, request: Request) -> Response:
    return JSONResponse({})


async def memory_status(plane: DataPlane, request: Request) -> Response:
    regions = plane.memory.regions(_region(request))
    return JSONResponse(
        [
            {"name": each.name, "key": each.key, "offset": each.offset, "byte_size": each.size_bytes}
            for each in regions
        ]
    )


async def register_memory(plane: DataPlane, request: Request) -> Response:
    plane.memory.register(_region(request), *region_from_body(await request.body()))
    return JSONResponse({})


async def unregister_memory(plane: DataPlane, request: Request) -> Response:
    plane.memory.unregister(_region(request))
    return JSONResponse({})


def _region(request: Request) -> str:
    """The name in the path, empty where it has none."""
    name: str = request.path_params.get("region", "")
    return name


def _model(request: Request) -> tuple[str, str]:
    """The name and version in the path, empty where it has none."""
    return request.path_params.get("model", ""), request.path_params.get("version", "")


@dataclass(frozen=True, slots=True, eq=False)
class RestCall:
    """An ASGI app that begins a call, serves it and ends it. Errors are JSON with the text in `error`.

    `deadline_s` is None for calls that may take any time.
    """

    backend: Callable[[], RestBackend]
    deadline_s: float | None
    method: str
    serve: Serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        backend = self.backend()
        request = Request(scope, limit_size(receive, backend.max_message_bytes))
        path = f"/{OPEN_INFERENCE.full_name}/{self.method}"
        call = backend.calls.begin(path, request.headers, self.deadline_s)
        response = await self._respond(backend, request, call)
        response.headers[REQUEST_ID_KEY] = call.request_id
        await response(scope, receive, send)

    async def _respond(self, backend: RestBackend, request: Request, call: ActiveCall) -> Response:
        try:
            await call.authorize()
            plane = hosted(backend, call.method)
            await request.body()  # without a permit, which a slow upload would hold
            with backend.calls.admission.acquire():
                response = await self.serve(plane, request)
        except asyncio.CancelledError:
            call.cancel()
            raise
        except ClientDisconnect:
            call.cancel()
            return Response(status_code=CLIENT_CLOSED_REQUEST)
        except Exception as error:
            return error_response("/v2", error, call.fail(error))
        call.succeed()
        return response


def hosted(backend: RestBackend, path: str) -> DataPlane:
    """Raises UnknownMethod for `path` if this process has no models."""
    if backend.open_inference is None:
        raise UnknownMethod(path)
    return backend.open_inference


def rest_routes(
    backend: Callable[[], RestBackend], deadline_s: float, limited: Callable[[ASGIApp], ASGIApp]
) -> list[Route]:
    """The routes; `limited` wraps those that read a body."""

    def route(verb: str, path: str, method: str, serve: Serve) -> Route:
        return ExactRoute(path, limited(RestCall(backend, deadline_s, method, serve)), methods=[verb])

    def change(path: str, method: str, serve: Serve) -> Route:
        """Of the models, which may take any time: large ones are loaded in minutes."""
        return ExactRoute(path, limited(RestCall(backend, None, method, serve)), methods=["POST"])

    def probe(path: str, is_true: Callable[[DataPlane | None, Request], bool], word: str = "ready") -> Route:
        async def answer(request: Request) -> Response:
            holds = is_true(backend().open_inference, request)
            return JSONResponse({word: holds}, 200 if holds else 503)

        return ExactRoute(path, answer, methods=["GET"])

    def live(plane: DataPlane | None, request: Request) -> bool:
        return True

    def ready(plane: DataPlane | None, request: Request) -> bool:
        return plane is not None and plane.ready

    def model_ready(plane: DataPlane | None, request: Request) -> bool:
        return plane is not None and plane.model_ready(*_model(request))

    by_version = ("/v2/models/{model}", "/v2/models/{model}/versions/{version}")
    return [
        probe("/v2/health/live", live, "live"),
        probe("/v2/health/ready", ready),
        route("GET", "/v2", "ServerMetadata", metadata),
        route("GET", "/v2/models/stats", "ModelStatistics", model_statistics),
        route("POST", "/v2/repository/index", "RepositoryIndex", repository_index),
        change("/v2/repository/models/{model:path}/load", "RepositoryModelLoad", load_model),
        change("/v2/repository/models/{model:path}/unload", "RepositoryModelUnload", unload_model),
        *_memory_routes("SystemSharedMemory", route, memory_status, register_memory, unregister_memory),
        *_memory_routes("CudaSharedMemory", route, no_regions, refuse_device_memory, unregister_nothing),
        *(probe(f"{path}/ready", model_ready) for path in by_version),
        *(route("GET", path, "ModelMetadata", model_metadata) for path in by_version),
        *(route("GET", f"{path}/config", "ModelConfig", model_config) for path in by_version),
        *(route("GET", f"{path}/stats", "ModelStatistics", model_statistics) for path in by_version),
        *(route("POST", f"{path}/infer", "ModelInfer", infer) for path in by_version),
    ]


def _memory_routes(
    method: str,
    route: Callable[[str, str, str, Serve], Route],
    status: Serve,
    register: Serve,
    unregister: Serve,
) -> list[Route]:
    base = f"/v2/{method.lower()}"
    region = f"{base}/region/{{region}}"
    return [
        route("GET", f"{base}/status", f"{method}Status", status),
        route("GET", f"{region}/status", f"{method}Status", status),
        route("POST", f"{region}/register", f"{method}Register", register),
        route("POST", f"{region}/unregister", f"{method}Unregister", unregister),
        route("POST", f"{base}/unregister", f"{method}Unregister", unregister),
    ]
