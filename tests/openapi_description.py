"""The OpenAPI description of everything in one process, and what its parts say."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from armoire.v1 import (
    account_pb2,
    admin_pb2,
    catalog_pb2,
    inference_pb2,
    models_pb2,
    operations_pb2,
    outfits_pb2,
)
from services.edge.http.openapi.document import build_document
from services.edge.http.options import HttpOptions
from services.edge.oip.servicer import OPEN_INFERENCE
from services.edge.server import GrpcOptions

SERVICES = [
    inference_pb2.DESCRIPTOR.services_by_name["InferenceService"],
    models_pb2.DESCRIPTOR.services_by_name["ModelService"],
    OPEN_INFERENCE,
    catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"],
    outfits_pb2.DESCRIPTOR.services_by_name["OutfitService"],
    operations_pb2.DESCRIPTOR.services_by_name["OperationService"],
    admin_pb2.DESCRIPTOR.services_by_name["AdminService"],
    account_pb2.DESCRIPTOR.services_by_name["AccountService"],
]
DOCUMENT = build_document(SERVICES, HttpOptions(), GrpcOptions().max_message_bytes)


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    path: str
    verb: str
    description: dict[str, Any]

    @property
    def name(self) -> str:
        name: str = self.description["operationId"]
        return name

    @property
    def command(self) -> str:
        """The command line that makes the call."""
        (sample,) = self.description["x-codeSamples"]
        source: str = sample["source"]
        return source

    def content(self, status: str) -> dict[str, Any]:
        """The media types of the response with this status; KeyError if it is not documented."""
        response = self.description["responses"][status]
        if "$ref" in response:
            name = response["$ref"].rpartition("/")[2]
            response = DOCUMENT["components"]["responses"][name]
        content: dict[str, Any] = response.get("content", {})
        return content


def operations() -> Iterator[Operation]:
    for path, item in DOCUMENT["paths"].items():
        for verb, description in item.items():
            yield Operation(path, verb, description)


def problems(value: object, schema: dict[str, Any]) -> list[str]:
    """How the value differs from the schema; a member that the schema does not know is a difference, too."""
    closed = {**schema, "components": _CLOSED_COMPONENTS}
    validator = Draft202012Validator(closed, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(element) for element in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(value) for name, value in node.items()}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


_CLOSED_COMPONENTS = _closed(copy.deepcopy({"schemas": DOCUMENT["components"]["schemas"]}))
