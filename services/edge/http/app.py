"""The ASGI app of the gateway: its routes, and the calls that come as forms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo  # their JSON is part of errors
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from services.edge.calls import REQUEST_ID_KEY, ActiveCall
from services.edge.hosted_service import HostedMethod, UnknownMethod
from services.edge.http.blobs import METHODS, PATH, BlobEndpoint
from services.edge.http.bodies import LimitedBodies, Uploads, limit_size
from services.edge.http.call_requests import CallRequests
from services.edge.http.connect import ConnectApp
from services.edge.http.error_responses import error_response
from services.edge.http.exact_route import ExactRoute
from services.edge.http.forms import FORM_ROUTES, FormRoute, job_address, read_form
from services.edge.http.openapi.routes import openapi_routes
from services.edge.http.options import HttpBackend, HttpOptions
from services.edge.http.session_cookies import SessionCookies
from services.edge.http.web_page import ROOT as PAGE
from services.edge.http.web_page import WebPage
from services.edge.oip.rest import rest_routes

DETAILS = (BadRequest, ErrorInfo, RetryInfo)
CATALOG = "armoire.v1.CatalogService"
CLIENT_CLOSED_REQUEST = 499
"""For the access log: nobody receives the response. Source: nginx."""


def build_http_app(backend: Callable[[], HttpBackend], options: HttpOptions = HttpOptions()) -> Starlette:
    """Build the app. Each request calls `backend`, because the app exists before the server has started."""
    uploads = Uploads(options.max_uploads)

    def limited(app: ASGIApp) -> ASGIApp:
        return SessionCookies(LimitedBodies(app, uploads, options.read_timeout_s))

    blobs = LimitedBodies(BlobEndpoint(backend), uploads, options.upload_timeout_s)
    forms = [FormEndpoint(backend, options, route) for route in FORM_ROUTES]
    page = WebPage()
    return Starlette(
        routes=[
            ExactRoute("/", home(backend, page)),
            *(page.routes() if page.exists else []),
            *openapi_routes(backend, options),
            *(ExactRoute(form.route.path, limited(form), methods=["POST"]) for form in forms),
            ExactRoute(PATH, blobs, methods=[*METHODS]),
            *rest_routes(backend, options.deadline_s, limited),
            Mount("/", limited(LateConnect(backend, options))),
        ]
    )


def home(backend: Callable[[], HttpBackend], page: WebPage) -> Callable[[Request], Response]:
    """What is at "/": for browsers the page, where this process has a catalogue; else the list of routes."""

    def respond(request: Request) -> Response:
        wants_page = "text/html" in request.headers.get("accept", "")
        if wants_page and page.exists and any(each.name == CATALOG for each in backend().services):
            return RedirectResponse(PAGE, headers={"vary": "accept"})
        return list_routes()

    return respond


def list_routes() -> JSONResponse:
    """This replaces BentoML's page, which loads scripts from other hosts."""
    forms = [f"POST {route.path}" for route in FORM_ROUTES]
    probes = ["GET /readyz", "GET /livez", "GET /metrics"]
    description = ["GET /app/", "GET /openapi.json", "GET /docs"]
    calls = "POST /armoire.v1.SERVICE/METHOD"
    open_inference = ["GET /v2", "POST /v2/models/MODEL/infer"]
    links = ["GET /blobs/PATH?QUERY", "PUT /blobs/PATH?QUERY"]
    routes = [calls, *forms, *links, *open_inference, *description, *probes]
    return JSONResponse({"server": "armoire", "routes": routes})


class LateConnect:
    """`ConnectApp`, built at the first request."""

    def __init__(self, backend: Callable[[], HttpBackend], options: HttpOptions) -> None:
        self._backend = backend
        self._options = options
        self._app: ASGIApp | None = None
        self._requests: CallRequests | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None or self._requests is None:
            backend = self._backend()
            self._requests = CallRequests(backend.services)
            self._app = cast(ASGIApp, ConnectApp(backend, self._options))
        if (refusal := self._requests.refusal(scope)) is not None:
            await refusal(scope, receive, send)
            return
        if (max_bytes := self._requests.max_bytes(scope)) is not None:
            receive = limit_size(receive, max_bytes)
        # connectrpc ends the request with a traceback for a header whose value is not UTF-8.
        ascii_only = [header for header in scope["headers"] if header[1].isascii()]
        await self._app({**scope, "headers": ascii_only}, receive, send)


@dataclass(frozen=True, slots=True)
class FormEndpoint:
    """An ASGI app that reads a form, makes the call and renders its response as JSON."""

    backend: Callable[[], HttpBackend]
    options: HttpOptions
    route: FormRoute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        backend = self.backend()
        request = Request(scope, limit_size(receive, backend.max_message_bytes))
        call = backend.calls.begin(self.route.method, request.headers, self.options.deadline_s)
        response = await self._respond(backend, request, call)
        response.headers[REQUEST_ID_KEY] = call.request_id
        await response(scope, receive, send)

    async def _respond(self, backend: HttpBackend, request: Request, call: ActiveCall) -> Response:
        try:
            await call.authorize()
            response = await self._serve(backend, request)
        except asyncio.CancelledError:
            call.cancel()
            raise
        except ClientDisconnect:
            call.cancel()
            return Response(status_code=CLIENT_CLOSED_REQUEST)
        except Exception as error:
            return error_response(self.route.path, error, call.fail(error), call.request_id)
        call.succeed()
        return response

    async def _serve(self, backend: HttpBackend, request: Request) -> Response:
        method = self._method(backend)
        message = await read_form(request, self.route)
        with backend.calls.admission.acquire():
            answer: Any = await method.function(message, None)
        if not self.route.accepted:
            return JSONResponse(_rendered(answer))
        return JSONResponse(_rendered(answer), 202, {"location": job_address(answer)})

    def _method(self, backend: HttpBackend) -> HostedMethod:
        """Raises UnknownMethod if this process does not host the service."""
        _, service_name, method_name = self.route.method.split("/")
        for service in backend.services:
            if service.name == service_name:
                return service.method(method_name)
        raise UnknownMethod(self.route.method)


def _rendered(message: Message) -> dict[str, Any]:
    return json_format.MessageToDict(message)
