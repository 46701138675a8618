"""How a failed request is told, by its path."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.responses import JSONResponse

from domain.errors import ArmoireError, InvalidInput, Overloaded, PermissionDenied
from services.edge.http.connect_errors import error_body
from services.edge.http.error_responses import PROBLEM_JSON, error_response, problem, refusal
from services.edge.status import error_status

NOT_OURS = PermissionDenied("not yours", reason="SCOPE_MISSING", metadata={"scopes": "read"})


def told(response: JSONResponse) -> tuple[str, Any]:
    """The content type and the body."""
    return response.headers["content-type"], json.loads(bytes(response.body))


def response_at(path: str, error: ArmoireError) -> JSONResponse:
    return error_response(path, error, error_status(error), "abc-1")


@pytest.mark.parametrize("path", ["/v1/search", "/", "/nowhere", "/docs/page.css", "/v20", "/v1/a.b/c"])
def test_a_problem_has_the_members_of_the_rfc_and_those_of_connect(path: str) -> None:
    content_type, body = told(response_at(path, NOT_OURS))
    assert content_type == PROBLEM_JSON
    assert body == {
        "type": "tag:armoire,2026:error/SCOPE_MISSING",
        "title": "Scope missing",
        "status": 403,
        "detail": "not yours",
        "instance": "tag:armoire,2026:request/abc-1",
        "reason": "SCOPE_MISSING",
        "metadata": {"scopes": "read"},
        **error_body(error_status(NOT_OURS)),
    }


@pytest.mark.parametrize("path", ["/armoire.v1.CatalogService/Search", "/armoire.v1.Nothing/Get"])
def test_clients_of_connect_are_told_what_their_protocol_has(path: str) -> None:
    assert told(response_at(path, NOT_OURS)) == ("application/json", error_body(error_status(NOT_OURS)))


@pytest.mark.parametrize("path", ["/v2", "/v2/models/a.b/infer"])
def test_the_open_inference_protocol_has_the_text_in_error(path: str) -> None:
    content_type, body = told(response_at(path, NOT_OURS))
    assert (content_type, body.pop("error")) == ("application/json", "not yours")
    assert body == error_body(error_status(NOT_OURS))


def test_a_problem_without_an_id_is_no_instance() -> None:
    assert "instance" not in problem(error_status(NOT_OURS), 403)


def test_a_retry_time_is_in_the_headers() -> None:
    response = response_at("/v1/search", Overloaded("full", retry_after_s=1.2))
    assert (response.status_code, response.headers["retry-after"]) == (429, "2")


@pytest.mark.parametrize(("given", "instance"), [(b"mine-1", True), (b"<script>", False), (b"", False)])
def test_a_refusal_has_the_id_that_its_caller_gave(given: bytes, instance: bool) -> None:
    scope = {"type": "http", "path": "/v1/search", "headers": [(b"x-request-id", given)]}
    response = refusal(scope, InvalidInput("path", "is wrong"), {"allow": "POST"})
    _, body = told(response)
    assert ("instance" in body, "x-request-id" in response.headers) == (instance, instance)
    assert response.headers["allow"] == "POST"
