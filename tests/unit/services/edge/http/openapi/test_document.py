"""The document: valid, complete, and with examples and commands that fit it."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from connectrpc.code import Code
from google.protobuf.message_factory import GetMessageClass
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.http.connect import endpoints
from services.edge.http.connect_errors import HTTP_STATUS
from services.edge.http.forms import FORM_ROUTES
from services.edge.http.json_request import parse_body
from services.edge.http.openapi.document import build_document
from services.edge.http.options import HttpOptions
from services.edge.late_servicer import LateServicer
from services.edge.oip.rest import rest_routes
from tests.openapi_description import DOCUMENT, SERVICES, Operation, operations, problems

JSON, CONNECT_JSON = "application/json", "application/connect+json"
METHODS = {
    f"/{service.full_name}/{method.name}": method for service in SERVICES for method in service.methods
}
CALLS = [operation for operation in operations() if operation.path in METHODS]
PROBES = {"/readyz", "/livez", "/metrics"}
REST = {
    route.path.replace(":path}", "}"): (route.methods or set()) - {"HEAD"}
    for route in rest_routes(lambda: pytest.fail("no request is made"), 1.0, lambda app: app)
}
"""The methods of the Open Inference Protocol's routes by their path."""


def named(operation: Operation) -> str:
    return operation.name


def example(operation: Operation) -> tuple[dict[str, Any], dict[str, Any]]:
    """The request that is shown, and its schema."""
    if operation.verb == "get":
        media = operation.description["parameters"][0]["content"][JSON]
        return media["example"], media["schema"]
    content = operation.description["requestBody"]["content"]
    if CONNECT_JSON in content:
        media = content[CONNECT_JSON]
        return media["x-envelope-example"], media["x-envelope-schema"]
    return content[JSON]["example"], content[JSON]["schema"]


def test_the_document_is_valid() -> None:
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


def test_it_has_every_path_that_is_served() -> None:
    hosted = [HostedService(service, LateServicer(service)) for service in SERVICES]
    served = set(endpoints(hosted, Calls(Admission(1))))
    assert set(DOCUMENT["paths"]) == served | {route.path for route in FORM_ROUTES} | set(REST) | PROBES


def test_an_operation_has_the_method_of_its_route() -> None:
    described = {path: {verb.upper() for verb in DOCUMENT["paths"][path]} for path in REST}
    assert described == REST


@pytest.mark.parametrize(
    "operation", [each for each in operations() if each.path in REST], ids=lambda each: each.name
)
def test_an_example_of_the_open_inference_protocol_fits_its_schema(operation: Operation) -> None:
    body = operation.description.get("requestBody")
    if body is not None:
        media = body["content"][JSON]
        assert problems(media["example"], media["schema"]) == []
    values = {
        each["name"]: each["example"] for each in operation.description["parameters"] if "example" in each
    }
    assert f"$SERVER{operation.path.format_map(values)}" in shlex.split(operation.command)


def test_only_what_is_hosted_is_described() -> None:
    (inference,) = [service for service in SERVICES if service.name == "InferenceService"]
    document = build_document([inference], HttpOptions(), 2**20)
    assert (
        set(document["paths"])
        == {path for path in METHODS if ".InferenceService" in path} | {"/v1/analyze"} | PROBES
    )
    assert "armoire.v1.Product" not in document["components"]["schemas"]
    assert "GetCatalogLimits" not in document["info"]["description"]
    validate(document, cls=OpenAPIV31SpecValidator)


def test_names_of_operations_are_unique() -> None:
    names = [operation.name for operation in operations()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("operation", CALLS, ids=named)
def test_an_example_fits_its_schema_and_its_message(operation: Operation) -> None:
    request, schema = example(operation)
    assert problems(request, schema) == []
    kind = GetMessageClass(METHODS[operation.path].input_type)
    assert parse_body(kind, json.dumps(request).encode()).IsInitialized()


@pytest.mark.parametrize("operation", CALLS, ids=named)
def test_a_command_sends_the_example_to_its_path(operation: Operation) -> None:
    request, _ = example(operation)
    words = shlex.split(operation.command)
    assert f"$SERVER{operation.path}" in words
    sent = [word.removeprefix("message=") for word in words if word.removeprefix("message=").startswith("{")]
    assert [json.loads(text) for text in sent] == [request]
    if CONNECT_JSON in operation.command:
        prefix = bytes(int(digits, 8) for digits in words[1].removesuffix("%s").split("\\")[1:])
        assert prefix == b"\0" + len(sent[0].encode()).to_bytes(4, "big")


def test_what_changes_nothing_may_be_called_with_get() -> None:
    safe = {operation.path.rpartition("/")[2] for operation in CALLS if operation.verb == "get"}
    assert {"GetProduct", "ListItems", "ListModels"} <= safe
    assert not [name for name in safe if not name.startswith(("Get", "List"))]


def test_a_key_is_described_but_not_required_of_every_server() -> None:
    assert DOCUMENT["security"] == [{}, {"key": []}, {"session": []}]
    assert DOCUMENT["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert {"401", "403"} <= DOCUMENT["paths"]["/armoire.v1.CatalogService/Search"]["post"][
        "responses"
    ].keys()


def test_an_error_is_told_with_the_status_of_its_code() -> None:
    responses = [
        (name, response)
        for name, response in DOCUMENT["components"]["responses"].items()
        if name.isdecimal() and "content" in response
    ]
    told = {
        code: int(status)
        for status, response in responses
        for code in response["content"][JSON]["schema"]["properties"]["code"]["enum"]
        if status != "415"  # closer than the status of its code, which is 400
    }
    assert {"invalid_argument", "not_found", "internal", "unimplemented", "unavailable"} <= set(told)
    assert told == {name: HTTP_STATUS.get(Code(name), 500) for name in told}
