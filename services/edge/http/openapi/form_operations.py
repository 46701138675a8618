"""The operations of the calls that come as forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import MethodDescriptor

from services.edge.http.forms import FORM_ROUTES, PHOTO_PART, FormRoute
from services.edge.http.openapi.curl import form_command
from services.edge.http.openapi.errors import problem_references
from services.edge.http.openapi.json_types import Schema
from services.edge.http.openapi.operations import code_sample, json_response
from services.edge.http.openapi.schemas import Schemas

TAG = "Forms"
_PHOTO = {"type": "string", "contentMediaType": "application/octet-stream"}
_LOCATION = {
    "location": {"description": "Where a GET tells the state of the job.", "schema": {"type": "string"}},
}


def form_paths(methods: Mapping[str, MethodDescriptor], schemas: Schemas) -> dict[str, Any]:
    """The path items of the forms for these methods, which are given by path."""
    routes = [route for route in FORM_ROUTES if route.method in methods]
    return {route.path: {"post": _operation(route, methods[route.method], schemas)} for route in routes}


def _operation(route: FormRoute, method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    name = method.name
    form = {"multipart/form-data": {"schema": _form(method, schemas)}}
    return {
        "tags": [TAG],
        "operationId": f"Forms_{name}",
        "summary": f"{name} with a form",
        "description": f"The same as {route.method}, with photos as files in parts named {PHOTO_PART}.",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in ("RequestId", "EndUser")],
        "requestBody": {"required": True, "content": form},
        "responses": {**_answer(route, method, schemas), **problem_references()},
        **code_sample(form_command(route.path)),
    }


def _answer(route: FormRoute, method: MethodDescriptor, schemas: Schemas) -> dict[str, Any]:
    response = json_response(schemas.reference(method.output_type, sent=False))
    if not route.accepted:
        return {"200": response}
    text = "The photo is stored; its job goes on."
    return {"202": {**response, "description": text, "headers": {**response["headers"], **_LOCATION}}}


def _form(method: MethodDescriptor, schemas: Schemas) -> Schema:
    """Fields by their names in the proto; a photo's own field is the file."""
    by_json_name = schemas.properties(method.input_type, sent=True)
    fields = {field.name: by_json_name[field.json_name] for field in method.input_type.fields}
    photo: Schema = {"type": "array", "items": _PHOTO} if "images" in fields else dict(_PHOTO)
    others = {name: schema for name, schema in fields.items() if name not in (PHOTO_PART, "images")}
    described = {**photo, "description": "Files in JPEG, PNG or WebP."}
    return {"type": "object", "properties": {PHOTO_PART: described, **others}, "additionalProperties": False}
