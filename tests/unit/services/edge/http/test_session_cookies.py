"""Which HTTP requests may use the cookie of a session, and how it is set."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services.edge.http.browser_guard import BrowserGuard, BrowserOptions
from services.edge.http.session_cookies import PLAIN_NAME, TLS_NAME, SessionCookies, session_cookie
from services.edge.web_request import WEB_REQUEST

TEXT = "s" * 43
SHOP = "https://shop.example"
JSON = {"content-type": "application/json"}


async def report(_: Request) -> JSONResponse:
    """What the call sees of its request."""
    request = WEB_REQUEST.get()
    assert request is not None
    request.cookies += ["a=1", "b=2"]
    reason = None if request.refusal is None else request.refusal.reason
    seen = [request.session, reason, request.encrypted, request.local, request.address]
    return JSONResponse(seen)


async def asked(
    headers: dict[str, str], method: str = "POST", scheme: str = "http", client: str = "127.0.0.1"
) -> httpx.Response:
    app = Starlette(routes=[Route("/", report, methods=["GET", "POST"])])
    guarded = BrowserGuard(SessionCookies(app), BrowserOptions(allowed_origins=(SHOP,)))
    transport = httpx.ASGITransport(guarded, client=(client, 5000))
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://localhost:3000") as sender:
        return await sender.request(method, "/", headers=headers)


async def seen(headers: dict[str, str], method: str = "POST", **where: str) -> list[object]:
    found: list[object] = (await asked({"cookie": f"{PLAIN_NAME}={TEXT}", **headers}, method, **where)).json()
    return found


@pytest.mark.parametrize(
    "cookie",
    [
        f"{PLAIN_NAME}={TEXT}",
        f"a=b; {PLAIN_NAME}={TEXT}",
        f'=;x;;"; {PLAIN_NAME}={TEXT}; c',
        f"{PLAIN_NAME}={TEXT};",
    ],
)
async def test_the_cookie_is_found_among_others(cookie: str) -> None:
    assert (await asked({"cookie": cookie, **JSON})).json() == [TEXT, None, False, True, "127.0.0.1"]


async def test_each_scheme_has_a_cookie_of_its_own() -> None:
    both = {"cookie": f"{PLAIN_NAME}=plain; {TLS_NAME}=secure", **JSON}
    assert (await asked(both)).json()[0] == "plain"
    assert (await asked(both, scheme="https", client="192.0.2.1")).json() == [
        "secure",
        None,
        True,
        False,
        "192.0.2.1",
    ]
    assert (await asked({"cookie": f"{PLAIN_NAME}={TEXT}"}, scheme="https")).json()[0] == ""


@pytest.mark.parametrize(
    ("headers", "method", "reason"),
    [
        (JSON, "POST", None),
        ({"content-type": "application/connect+json"}, "POST", None),
        ({"content-type": "application/grpc-web+proto"}, "POST", None),
        ({}, "GET", None),
        ({"origin": "http://localhost:3000", **JSON}, "POST", None),
        ({"sec-fetch-site": "same-origin", **JSON}, "POST", None),
        ({"sec-fetch-site": "none"}, "GET", None),
        ({"content-type": "multipart/form-data; boundary=x", "x-requested-with": "armoire"}, "POST", None),
        ({}, "POST", "CSRF_HEADER_MISSING"),
        ({"content-type": "text/plain"}, "POST", "CSRF_HEADER_MISSING"),
        ({"content-type": "Multipart/Form-Data; boundary=x"}, "POST", "CSRF_HEADER_MISSING"),
        ({"content-type": "application/x-www-form-urlencoded"}, "POST", "CSRF_HEADER_MISSING"),
        ({"origin": SHOP, **JSON}, "POST", "CROSS_SITE_SESSION"),
        ({"origin": SHOP, "x-requested-with": "x", **JSON}, "POST", "CROSS_SITE_SESSION"),
        ({"origin": SHOP}, "GET", "CROSS_SITE_SESSION"),
        (
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
            "GET",
            "CROSS_SITE_SESSION",
        ),
    ],
)
async def test_pages_of_others_cannot_use_the_cookie(
    headers: dict[str, str], method: str, reason: str | None
) -> None:
    assert (await seen(headers, method))[:2] == [TEXT, reason]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://localhost:8080"},
        {"origin": "null"},
        {"origin": "http://localhost:3000.evil.example"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_what_the_guard_refuses_does_not_get_here(headers: dict[str, str]) -> None:
    response = await asked({"cookie": f"{PLAIN_NAME}={TEXT}", **headers, **JSON})
    assert (response.status_code, "set-cookie" in response.headers) == (403, False)


@pytest.mark.parametrize(("header", "status"), [("content-type", 200), ("x-requested-with", 400)])
async def test_cors_does_not_allow_what_a_session_needs(header: str, status: int) -> None:
    app = BrowserGuard(SessionCookies(Starlette()), BrowserOptions(allowed_origins=(SHOP,)))
    asking = {"access-control-request-method": "POST", "access-control-request-headers": header}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as sender:
        allowed = await sender.options("/", headers={"origin": SHOP, **asking})
    assert allowed.status_code == status
    assert "access-control-allow-credentials" not in allowed.headers


async def test_the_cookies_of_a_call_are_sent() -> None:
    assert (await asked(JSON)).headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_the_attributes_of_the_cookie() -> None:
    plain, secure = session_cookie(TEXT, False, 60), session_cookie(TEXT, True, 60)
    assert plain == f"armoire={TEXT}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict"
    assert secure == f"__Host-{plain}; Secure"
