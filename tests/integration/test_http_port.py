"""What the HTTP port of a running server refuses, with all that BentoML puts around the application."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from demo.server import ROOT, ServerProcess
from services.edge.http.browser_guard import CLOSED, PROBES
from tests.polling import until

ROUTES = "from services.app import Armoire; print(*(r.path for r in Armoire.to_asgi(is_main=True).routes))"


def test_every_route_of_bentoml_is_closed_or_meant() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ROUTES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    meant = {*PROBES, "/"}
    paths = {path for path in done.stdout.split() if path.startswith("/")}
    assert paths >= meant
    assert not [path for path in paths - meant if not path.startswith(CLOSED)]


@pytest.mark.parametrize("path", ["/docs.json", "/schema.json", "/static_content/index.js"])
def test_the_routes_of_bentoml_are_closed(server: ServerProcess, path: str) -> None:
    assert httpx.get(f"{server.http_url}{path}").status_code == 404


@pytest.mark.parametrize("path", ["/metrics", "/openapi.json", "/v2", "/v1/search"])
def test_a_rebound_name_is_not_answered(server: ServerProcess, path: str) -> None:
    response = httpx.get(f"{server.http_url}{path}", headers={"host": "evil.example"})
    assert (response.status_code, response.json()["code"]) == (421, "permission_denied")
    assert "HOST_NOT_ALLOWED" in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_path_that_nobody_serves_leaves_nothing_on_the_page_of_metrics(server: ServerProcess) -> None:
    for path in ("/made-up", "/v2/models/made-up/infer", "/armoire.v1.CatalogService/made-up"):
        assert httpx.post(f"{server.http_url}{path}", json={}).status_code == 404
    page = httpx.get(f"{server.http_url}/metrics").text
    assert "armoire_call_seconds" in page
    assert "made-up" not in page


REFUSED = [
    ("GET", "/nowhere", {}, 404, "UNKNOWN_METHOD"),
    ("GET", "/docs.json", {}, 404, "NOT_FOUND"),
    ("GET", "/%0aline", {}, 400, "INVALID_INPUT"),
    ("GET", "/", {"host": "evil.example"}, 421, "HOST_NOT_ALLOWED"),
    ("POST", "/v1/search", {"origin": "http://evil.example"}, 403, "ORIGIN_NOT_ALLOWED"),
    ("GET", "/v1/search", {}, 405, "VERB_NOT_ALLOWED"),
    ("POST", "/v1/search", {"content-type": "text/plain"}, 415, "UNSUPPORTED_CONTENT_TYPE"),
]


@pytest.mark.parametrize(("verb", "path", "headers", "status", "reason"), REFUSED)
def test_a_refusal_is_a_problem(
    server: ServerProcess, verb: str, path: str, headers: dict[str, str], status: int, reason: str
) -> None:
    given = {**headers, "x-request-id": "mine-1"}
    response = httpx.request(verb, f"{server.http_url}{path}", headers=given)
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, body["status"], body["reason"]) == (status, status, reason)
    assert (body["instance"], body["detail"]) == ("tag:armoire,2026:request/mine-1", body["message"])
    assert response.headers["x-request-id"] == "mine-1"


@pytest.mark.parametrize("path", ["/armoire.v1.CatalogService/Search", "/armoire.v1.Nothing/Get"])
def test_a_refusal_of_a_call_is_connect_s(server: ServerProcess, path: str) -> None:
    for headers in ({"content-type": "text/plain"}, {"origin": "http://evil.example"}):
        response = httpx.post(f"{server.http_url}{path}", content=b"{}", headers=headers)
        assert response.headers["content-type"] == "application/json"
        assert set(response.json()) == {"code", "message", "details"}


def test_a_page_of_another_origin_cannot_search(server: ServerProcess) -> None:
    url, form = f"{server.http_url}/v1/search", {"text": (None, "a red dress")}
    assert httpx.post(url, files=form).status_code == 200
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert httpx.post(url, files=form, headers=headers).status_code == 403


def test_a_path_forges_no_line_of_the_log(server: ServerProcess) -> None:
    forged = "2026-01-01 CRITICAL all is lost"
    assert httpx.get(f"{server.http_url}/%0a{forged}").status_code == 400
    assert httpx.get(f"{server.http_url}/nowhere").status_code == 404
    until(lambda: "/nowhere" in server.log_path.read_text())  # written after the answer
    assert forged not in server.log_path.read_text()
