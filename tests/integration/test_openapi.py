"""The OpenAPI description is true: its commands work, and a running server answers as it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, Response
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

import armoire
from demo.server import ServerProcess
from services.edge.http.openapi.examples import IDS
from tests.openapi_description import DOCUMENT, Operation, operations, problems
from tests.polling import until

CONNECT_JSON = "application/connect+json"
BY_NAME = {operation.name: operation for operation in operations()}
OF_ENDED_JOBS = (
    "CatalogService_CancelIndexingJob",
    "CatalogService_RetryIndexingJob",
    "OperationService_CancelOperation",
    "OperationService_RetryOperation",
)
"""Refused for a job or an operation that is complete; other tests show them at work."""
OF_A_DEFAULT = (
    "ModelService_UnloadModel",
    "GRPCInferenceService_RepositoryModelUnload",
    "OpenInference_RepositoryModelUnload",
)
"""Refused for a model that answers; other tests show it at work."""

OF_THE_LIVE_COLLECTION = ("CatalogService_StartBackfill", "CatalogService_DropCollection")
"""Refused for the collection that is searched; other tests show them at work."""

OF_OUTFITS = ("OutfitService_SuggestOutfits", "OutfitService_CompleteOutfit")
"""Refused for a catalogue without the garments of an outfit; other tests show them at work."""

OF_IMPORTS = tuple(
    f"CatalogService_{name}" for name in ("ImportEntries", "FinishImport", "ListImportFailures")
)
"""Made of an import, not of the operation that the other calls show."""

OF_USERS = tuple(
    f"AccountService_{name}" for name in ("SignIn", "ChangePassword", "AcceptInvitation", "ResetPassword")
)
"""Refused by a server that wants no keys, or for want of a token; other tests show them at work."""

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server of its own, since the calls here fill and empty its catalogue."""
    with ServerProcess(tmp_path_factory.mktemp("home")) as process:
        yield process


@dataclass(frozen=True)
class Answer:
    """What a command printed."""

    status: str
    content_type: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def messages(self) -> list[Any]:
        """Those of a stream; the last one ends it."""
        found, rest = [], self.body
        while rest:
            length = int.from_bytes(rest[1:5], "big")
            found.append(json.loads(rest[5 : 5 + length]))
            ends, rest = rest[0] == 2, rest[5 + length :]
            assert ends == (not rest)
        return found


@dataclass(frozen=True)
class Shell:
    """Runs the commands of the description against a server; the folder has a photo.jpg and a .curlrc."""

    url: str
    folder: Path

    def run(self, operation: Operation, ids: Mapping[str, str] = {}) -> Answer:
        """The command with these ids in place of the examples'."""
        command = operation.command
        for name, value in ids.items():
            command = command.replace(IDS[name], value)
        environment = {**os.environ, "SERVER": self.url, "CURL_HOME": str(self.folder)}
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            timeout=300,
            check=True,
        )
        body, _, told = done.stdout.rpartition(b"\n")
        status, _, content_type = told.decode().partition(" ")
        return Answer(status, content_type, body)

    def audit(self) -> str:
        """Compare the stores; the id of the operation, which has ended."""
        started = self.run(BY_NAME["CatalogService_AuditCatalog"]).json["operation"]["id"]
        *_, last, end = self.run(
            BY_NAME["OperationService_WatchOperation"], {"operation_id": started}
        ).messages
        assert (last["operation"]["state"], end) == ("OPERATION_STATE_SUCCEEDED", {})
        return str(started)

    def begin_import(self) -> str:
        """The id of an import without entries."""
        return str(self.run(BY_NAME["CatalogService_StartImport"]).json["operation"]["id"])

    def export(self) -> str:
        """Export the catalogue; the id of the operation, which has ended."""

        def started() -> str | None:
            """None while another export is under way."""
            answer = self.run(BY_NAME["CatalogService_StartCatalogExport"])
            return str(answer.json["operation"]["id"]) if answer.status == "200" else None

        operation_id = until(started)
        *_, last, end = self.run(
            BY_NAME["OperationService_WatchOperation"], {"operation_id": operation_id}
        ).messages
        assert (last["operation"]["state"], end) == ("OPERATION_STATE_SUCCEEDED", {})
        return operation_id

    def index(self) -> dict[str, str]:
        """Make a product and index a photo; their ids by the names of the examples'."""
        product = self.run(BY_NAME["CatalogService_CreateProduct"]).json["product"]
        job = self.run(BY_NAME["CatalogService_IndexImage"]).json["job"]
        ids = {"product_id": product["id"], "job_id": job["id"], "image_id": job["imageId"]}
        *_, last, end = self.run(BY_NAME["CatalogService_WatchIndexingJob"], ids).messages
        assert (last["job"]["state"], end) == ("INDEXING_JOB_STATE_COMPLETE", {})
        detector, *_ = self.run(BY_NAME["InferenceService_ListModels"]).json["models"]
        ids["key_id"] = self.run(BY_NAME["AdminService_CreateApiKey"]).json["apiKey"]["id"]
        ids["email"] = f"{uuid.uuid4().hex}@shop.example"
        ids["user_id"] = self.run(BY_NAME["AdminService_InviteUser"], ids).json["user"]["id"]
        ids["operation_id"] = self.audit()
        ids["export_id"] = self.export()
        live, *_ = self.run(BY_NAME["CatalogService_ListCollections"]).json["collections"]
        ids["collection"] = live["name"]
        ids["item_id"] = last["job"]["items"][0]["itemId"]
        verified = self.run(BY_NAME["CatalogService_VerifyItem"], ids).json
        ids["correction_id"] = verified["correction"]["id"]
        ids["webhook_id"] = self.run(BY_NAME["CatalogService_CreateWebhook"]).json["webhook"]["id"]
        tested = self.run(BY_NAME["CatalogService_TestWebhook"], ids).json
        ids["delivery_id"] = tested["delivery"]["id"]
        return {**ids, "version": detector["version"]}


@pytest.fixture(scope="module")
def shell(own_server: ServerProcess, tmp_path_factory: pytest.TempPathFactory, samples: list[Path]) -> Shell:
    folder = tmp_path_factory.mktemp("shell")
    shutil.copy(samples[0], folder / "photo.jpg")
    (folder / ".curlrc").write_text('silent\nshow-error\nwrite-out = "\\n%{http_code} %{content_type}"\n')
    return Shell(own_server.http_url, folder)


@pytest.fixture(scope="module")
def ids(shell: Shell) -> dict[str, str]:
    """Of objects that stay."""
    return shell.index()


def test_the_server_describes_what_it_hosts(own_server: ServerProcess) -> None:
    with urllib.request.urlopen(f"{own_server.http_url}/openapi.json", timeout=60) as reply:
        assert json.load(reply) == DOCUMENT


@pytest.mark.parametrize("operation", BY_NAME.values(), ids=BY_NAME)
def test_the_command_of_every_call_is_answered_as_documented(
    operation: Operation, shell: Shell, ids: dict[str, str]
) -> None:
    ends = any(word in operation.name for word in ("_Delete", "_EraseProduct", "_Undo"))
    ids = shell.index() if ends else ids
    if operation.name == "ModelService_DeleteModelAlias":
        shell.run(BY_NAME["ModelService_SetModelAlias"], ids)
    if operation.name == "CatalogService_EraseTenant":
        shell.run(BY_NAME["AdminService_UpdateTenant"])
    if operation.name == "AdminService_InviteUser":
        ids = {**ids, "email": "bob@shop.example"}
    if operation.name.removesuffix("_get") in OF_IMPORTS:
        ids = {**ids, "operation_id": shell.begin_import()}
    answer = shell.run(operation, ids)
    content = operation.content(answer.status)
    assert answer.status == expected_status(operation)
    if CONNECT_JSON in content:
        *messages, end = answer.messages
        assert ("error" in end) == unimplemented(operation)
        told = [(message, content[CONNECT_JSON]["x-envelope-schema"]) for message in messages]
    else:
        told = [(answer.json, content["application/json"]["schema"])] if content else []
    assert [problem for value, schema in told for problem in problems(value, schema)] == []
    assert not content or answer.content_type in content


def unimplemented(operation: Operation) -> bool:
    """Whether the description says so of this server, which has the default settings."""
    return "Not implemented" in operation.description.get("description", "")


def expected_status(operation: Operation) -> str:
    if CONNECT_JSON in operation.content("200" if "200" in operation.description["responses"] else "202"):
        return "200"
    if unimplemented(operation):
        return "501"
    refused = (*OF_ENDED_JOBS, *OF_A_DEFAULT, *OF_USERS, *OF_THE_LIVE_COLLECTION, *OF_OUTFITS)
    if operation.name in refused:
        return "400"
    return "202" if operation.path == "/v1/index" else "200"


def test_a_job_is_cancelled_and_tried_again(
    shell: Shell, own_server: ServerProcess, samples: list[Path]
) -> None:
    """Twice as many photos wait before it each time, until it is not yet indexed when it is cancelled."""
    before = [1]

    def cancelled_job() -> str | None:
        before[0] *= 2
        with armoire.Client(own_server.address) as client:
            for _ in range(before[0]):
                client.index(samples[0])
        job = shell.run(BY_NAME["CatalogService_IndexImage"]).json["job"]
        answer = shell.run(BY_NAME["CatalogService_CancelIndexingJob"], {"job_id": job["id"]})
        if answer.status != "200":
            assert answer.json["code"] == "failed_precondition"
            return None
        assert answer.json["job"]["state"] == "INDEXING_JOB_STATE_CANCELLED"
        job_id: str = job["id"]
        return job_id

    retried = shell.run(BY_NAME["CatalogService_RetryIndexingJob"], {"job_id": until(cancelled_job)})
    assert (retried.status, retried.json["job"]["state"]) == ("200", "INDEXING_JOB_STATE_QUEUED")


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian: apt install chromium)")
def test_the_page_shows_every_call_and_the_command_of_the_one_in_its_address(
    own_server: ServerProcess, tmp_path: Path
) -> None:
    here = own_server.http_url
    switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    patience = ["--virtual-time-budget=30000", "--dump-dom", f"{here}/docs#CatalogService_Search"]
    command = [str(CHROMIUM), *switches, f"--user-data-dir={tmp_path}", *patience]
    page = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    assert set(re.findall(r'<details class="call" id="(\w+)"', page)) == {
        name for name in BY_NAME if not name.endswith("_get")
    }
    (shown,) = re.findall(r'<pre class="command"[^>]*>([^<]*)', page)
    assert shown == BY_NAME["CatalogService_Search"].command.replace("$SERVER", here)


def in_envelope(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4, "big") + message


REQUESTS_OF_STREAMS = st.one_of(
    st.binary(),
    st.builds(in_envelope, st.binary()),
    st.builds(lambda job: in_envelope(json.dumps({"jobId": job}).encode()), st.text()),
)
schemathesis.openapi.media_type(CONNECT_JSON, REQUESTS_OF_STREAMS)


def fails_only_as_told(_: CheckContext, response: Response, case: Case) -> None:
    """Not implemented yet, or not in the time that the caller gave: no other failure is the server's."""
    if response.status_code < 500:
        return
    answer = response.json()
    if case.path.startswith("/v2/"):
        assert response.status_code == 501 or answer == {"ready": False}, response.text
        return
    code = answer["code"]
    timeouts = ["deadline_exceeded"] if "Connect-Timeout-Ms" in case.headers else []
    assert code in ["unimplemented", *timeouts], response.text


CONFORMS = [
    fails_only_as_told,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]
"""Not that all valid requests are accepted, nor all others refused: rules that no schema tells refuse some,
and proto3 JSON takes numbers as text, null for what is left out, and names in snake_case."""

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "6"))
"""Requests of each call."""

API = schemathesis.openapi.from_dict(DOCUMENT).exclude(path_regex="^/(readyz|livez|metrics)$")
FUZZED = {found.ok().label: found.ok() for found in API.get_all_operations()}


@pytest.mark.parametrize("operation", FUZZED.values(), ids=FUZZED)
def test_any_request_is_answered_as_documented(operation: APIOperation, own_server: ServerProcess) -> None:
    @settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
    @given(case=operation.as_strategy())
    def run(case: Case) -> None:
        case.call_and_validate(base_url=own_server.http_url, checks=CONFORMS, timeout=300)

    run()
