"""The operations of the Open Inference Protocol over REST, whose paths and bodies no descriptor tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.edge.http.openapi.curl import post_command, probe_command
from services.edge.http.openapi.errors import REQUEST_ID
from services.edge.http.openapi.examples import IDS
from services.edge.http.openapi.open_inference_schemas import INTEGER, TAG, reference
from services.edge.http.openapi.operations import JSON, code_sample

DESCRIPTION = (
    "The REST API of the Open Inference Protocol, version 2, with Triton's extensions. The calls are those "
    "of GRPCInferenceService; bodies are JSON with the protocol's names, and 64-bit integers are numbers."
)
ERRORS = ("400", "404", "409", "429", "500", "501", "503", "504")
"""The statuses of errors, which are those of the same codes in the rest of the API."""
_SHARED_MEMORY = " Not implemented unless the server's settings allow shared memory."
_PROBES = ("Live", "Ready")

_BINARY = {
    "name": "Inference-Header-Content-Length",
    "in": "header",
    "description": "How many bytes of the body are JSON, where tensors follow it as binary data.",
    "schema": INTEGER,
}
_TEXT = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a red dress"]}

_CHANGE: tuple[str, dict[str, Any]] = ("Change", {})
"""The request of calls that need no body."""


@dataclass(frozen=True, slots=True)
class RestOperation:
    """One operation; `answer` is the name of its response's schema.

    Attributes:
        examples: values of the parameters in the path, by their names.
        request: the name of the schema of the request, and an example; None if it has no body.
    """

    verb: str
    path: str
    name: str
    text: str
    answer: str
    examples: Mapping[str, str] = field(default_factory=dict)
    request: tuple[str, Any] | None = None

    @property
    def called(self) -> str:
        """The path with the examples."""
        return self.path.format_map(self.examples)

    def document(self) -> dict[str, Any]:
        """The Operation Object."""
        parameters = [_path_parameter(*each) for each in self.examples.items()]
        command = probe_command(self.called)
        body: dict[str, Any] = {}
        if self.request is not None:
            schema, example = self.request
            content = {JSON: {"schema": reference(schema), "example": example}}
            body = {"requestBody": {"required": schema == "InferRequest", "content": content}}
            command = post_command(self.called, example)
        if not self.name.startswith(_PROBES):
            parameters.append({"$ref": "#/components/parameters/RequestId"})
        return {
            "tags": [TAG],
            "operationId": f"{TAG}_{self.name}",
            "summary": self.name.replace("_", " by "),
            "description": self.text,
            "parameters": [*parameters, *([_BINARY] if self.answer == "InferResponse" else [])],
            **body,
            "responses": self._responses(),
            **code_sample(command),
        }

    def _responses(self) -> dict[str, Any]:
        content: dict[str, Any] = {JSON: {"schema": reference(self.answer)}}
        if self.name.startswith(_PROBES):
            told = (("200", "It is."), ("503", "It is not."))
            return {status: {"description": text, "content": content} for status, text in told}
        if self.answer == "InferResponse":
            content["application/octet-stream"] = {"schema": {}}
        ok = {"description": "The response.", "headers": REQUEST_ID, "content": content}
        error = {"$ref": "#/components/responses/OpenInferenceError"}
        return {"200": ok, **dict.fromkeys(ERRORS, error)}


def open_inference_paths() -> dict[str, Any]:
    """The path items."""
    return {each.path: {each.verb: each.document()} for each in _operations()}


def open_inference_responses() -> dict[str, Any]:
    """The responses, for `components`."""
    content = {JSON: {"schema": reference("Error")}}
    text = "The reason, with the status that the same error has in the rest of the API."
    return {"OpenInferenceError": {"description": text, "headers": REQUEST_ID, "content": content}}


def _operations() -> Iterator[RestOperation]:
    stored = "/v2/repository/models/{model}"
    yield RestOperation("get", "/v2/health/live", "Live", "Whether the process answers.", "Live")
    yield RestOperation("get", "/v2/health/ready", "Ready", "Whether all models answer.", "Ready")
    yield RestOperation(
        "get", "/v2", "ServerMetadata", "The server's name, version and extensions.", "ServerMetadata"
    )
    yield RestOperation(
        "get", "/v2/models/stats", "AllStatistics", "The statistics of all models.", "ModelStatistics"
    )
    yield RestOperation(
        "post",
        "/v2/repository/index",
        "RepositoryIndex",
        "The models that are loaded, with a line for each version, and those that could be loaded.",
        "Index",
        request=("IndexRequest", {"ready": False}),
    )
    yield RestOperation(
        "post",
        f"{stored}/load",
        "RepositoryModelLoad",
        "Loads a model of the model store beside the others. The default does not change.",
        "Done",
        {"model": "demo-detector"},
        _CHANGE,
    )
    yield RestOperation(
        "post",
        f"{stored}/unload",
        "RepositoryModelUnload",
        "Unloads a model, by its version or the name that loaded it, after its last call. A default stays.",
        "Done",
        {"model": IDS["version"]},
        _CHANGE,
    )
    yield from _model_operations("/v2/models/{model}", "", {"model": "embed_text"})
    by_version = {"model": "embed_text", "version": "1"}
    yield from _model_operations("/v2/models/{model}/versions/{version}", "_version", by_version)
    yield from _memory_operations("SystemSharedMemory", _SHARED_MEMORY)
    yield from _memory_operations("CudaSharedMemory", " Not implemented.")


def _model_operations(path: str, suffix: str, examples: Mapping[str, str]) -> Iterator[RestOperation]:
    for end, name, text, answer in (
        ("", "ModelMetadata", "A model's versions, inputs and outputs.", "ModelMetadata"),
        ("/ready", "ReadyModel", "Whether one model answers.", "Ready"),
        ("/config", "ModelConfig", "A model's configuration, in the terms of Triton.", "ModelConfig"),
        ("/stats", "ModelStatistics", "What a model has done since it was loaded.", "ModelStatistics"),
    ):
        yield RestOperation("get", path + end, name + suffix, text, answer, examples)
    text = "Runs a model on input tensors, in JSON or as binary data after it."
    asked = ("InferRequest", {"inputs": [_TEXT]})
    yield RestOperation(
        "post", f"{path}/infer", f"ModelInfer{suffix}", text, "InferResponse", examples, asked
    )


def _memory_operations(name: str, register: str) -> Iterator[RestOperation]:
    """`register` says where a region cannot be registered."""
    base = f"/v2/{name.lower()}"
    region, examples = f"{base}/region/{{region}}", {"region": "pictures"}
    of_one = register if name == "SystemSharedMemory" else ""
    yield RestOperation("get", f"{base}/status", f"{name}Status", "The registered regions.", "Regions")
    text = f"One region.{of_one}"
    yield RestOperation("get", f"{region}/status", f"{name}Status_region", text, "Regions", examples)
    body = ("Region", {"key": "/pictures", "offset": 0, "byte_size": 1024})
    text = f"Registers a region, for tensors in it.{register}"
    yield RestOperation("post", f"{region}/register", f"{name}Register", text, "Done", examples, body)
    for path, suffix, given in ((base, "", {}), (region, "_region", examples)):
        text = "Forgets one region." if given else "Forgets all regions."
        yield RestOperation(
            "post", f"{path}/unregister", f"{name}Unregister{suffix}", text, "Done", given, _CHANGE
        )


def _path_parameter(name: str, example: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.:-]*$"}
    return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}
