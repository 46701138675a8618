"""What web pages may ask of the HTTP port, and under which names it answers."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.edge.http.browser_guard import CLOSED, HEADERS, PROBES, BrowserGuard, BrowserOptions

SHOP = "https://shop.example"
OPTIONS = BrowserOptions(("localhost", "models.example"), (SHOP,))


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(dict(request.headers), headers={"cache-control": "no-cache"})


async def asked(method: str, path: str, options: BrowserOptions = OPTIONS, **headers: str) -> httpx.Response:
    app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])
    transport = httpx.ASGITransport(BrowserGuard(app, options))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        return await client.request(method, path, headers=named)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:3000", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1:3000", 200),
        ("[::1]:3000", 200),
        ("10.0.0.7", 200),
        ("models.example", 200),
        ("evil.example:3000", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("[::1", 421),
    ],
)
async def test_the_server_answers_to_its_names_and_to_addresses(host: str, status: int) -> None:
    assert (await asked("POST", "/", host=host)).status_code == status
    assert (await asked("GET", "/metrics", host=host)).status_code == status
    assert all([(await asked("GET", probe, host=host)).status_code == 200 for probe in PROBES])


async def test_all_names_may_be_allowed() -> None:
    assert (await asked("GET", "/", BrowserOptions(("*",)), host="evil.example")).status_code == 200


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, 200),
        ("POST", {"origin": "http://localhost:3000"}, 200),
        ("POST", {"origin": SHOP, "sec_fetch_site": "cross-site"}, 200),
        ("POST", {"origin": "http://evil.example"}, 403),
        ("POST", {"origin": "http://localhost:3001"}, 403),
        ("POST", {"origin": "null"}, 403),
        ("OPTIONS", {"origin": "http://evil.example", "access_control_request_method": "POST"}, 403),
        ("GET", {"sec_fetch_site": "none"}, 200),
        ("GET", {"sec_fetch_site": "same-origin"}, 200),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}, 403),
        ("GET", {"sec_fetch_site": "same-site", "sec_fetch_mode": "no-cors"}, 403),
        ("POST", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 403),
        ("GET", {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 403),
        (
            "GET",
            {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"},
            200,
        ),
    ],
)
async def test_pages_of_other_origins_can_do_nothing(
    method: str, headers: dict[str, str], status: int
) -> None:
    response = await asked(method, "/v1/search", **headers)
    assert response.status_code == status
    if status == 403:
        assert "ARMOIRE_HTTP__ALLOWED_ORIGINS" in response.json()["message"]
        assert response.json()["reason"] == "ORIGIN_NOT_ALLOWED"
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/blobs/t/images/i/original", {}, 200),
        ("HEAD", "/blobs/t/images/i/original", {}, 200),
        ("GET", "/blobs/t/images/i/original", {"origin": "http://evil.example"}, 403),
        ("POST", "/blobs/t/images/i/original", {}, 403),
        ("GET", "/blobs", {}, 403),
        ("GET", "/v1/search", {}, 403),
    ],
)
async def test_any_page_shows_the_pictures_of_links_and_reads_none(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    on_a_page = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors", "sec_fetch_dest": "image"}
    assert (await asked(method, path, **on_a_page, **headers)).status_code == status


async def test_an_allowed_origin_reads_responses_and_their_headers() -> None:
    wanted = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}
    preflight = await asked("OPTIONS", "/v1/search", origin=SHOP, **wanted)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, SHOP)
    response = await asked("POST", "/v1/search", origin=SHOP)
    assert response.headers["access-control-allow-origin"] == SHOP
    assert "retry-after" in response.headers["access-control-expose-headers"]
    off = await asked("POST", "/v1/search", BrowserOptions(), origin=SHOP)
    assert off.status_code == 403


@pytest.mark.parametrize("path", ["/%0a2026 CRITICAL", "/a%1bb", "/%E2%80%A8line", "/%7f"])
async def test_a_path_that_would_break_a_line_of_the_log_goes_no_further(path: str) -> None:
    response = await asked("GET", path)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_argument")


async def test_headers_that_are_not_ascii_go_no_further() -> None:
    guard = BrowserGuard(Starlette(routes=[Route("/", echo)]))
    seen: list[Any] = []

    async def send(message: Any) -> None:
        seen.append(message)

    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"\xff"),
        (b"x-a", b"b"),
        (b"armoire-end-user", b"\xff"),
    ]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    await guard({**scope, "root_path": ""}, None, send)  # type: ignore[arg-type]
    assert seen[1]["body"] == b'{"host":"localhost","x-a":"b","armoire-end-user":""}'


@pytest.mark.parametrize("path", CLOSED)
async def test_routes_of_the_host_are_closed(path: str) -> None:
    assert (await asked("GET", path)).status_code == 404


async def test_responses_have_the_headers_that_they_do_not_set_themselves() -> None:
    response = await asked("GET", "/")
    expected = HEADERS | {"cache-control": "no-cache"}
    assert {name: response.headers[name] for name in HEADERS} == expected
    refused = await asked("GET", "/", host="evil.example")
    assert {name: refused.headers[name] for name in HEADERS} == HEADERS
