"""The clients that JavaScript has for Connect and gRPC are told the same by one server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import armoire
from demo.server import ServerProcess
from tests.integration.javascript import LIMIT_S, OTHERS, REFERENCE, command, differences


@pytest.fixture(scope="module")
def answers(server: ServerProcess, samples: list[Path]) -> dict[str, Any]:
    """What each client was told, one client after the other."""
    (photo,) = (path for path in samples if path.name == "weekend-set.jpg")
    with armoire.Client(server.address) as client:  # each of them is told of this photo, which theirs copy
        client.wait_for_indexing_job(client.index(photo).id)
    line = command("catalogue.mjs", server.http_url, server.address, str(photo))
    done = subprocess.run(line, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert list(told) == [REFERENCE, *OTHERS]
    return told


@pytest.mark.parametrize("client", [REFERENCE, *OTHERS])
def test_the_scenario_ends(answers: dict[str, Any], client: str) -> None:
    assert "thrown" not in answers[client], answers[client]["thrown"]


@pytest.mark.parametrize("client", OTHERS)
def test_a_client_is_told_what_the_reference_is_told(answers: dict[str, Any], client: str) -> None:
    assert differences(answers[client], answers[REFERENCE]) == {}


def test_the_scenario_analyzes_indexes_and_finds(answers: dict[str, Any]) -> None:
    told = answers[REFERENCE]
    analysis, broken = told["analysis"]["results"]
    labels = {item["label"] for item in analysis["analysis"]["items"] if item.get("accepted")}
    assert len(labels) == 3
    assert [detail["@type"].rpartition(".")[2] for detail in broken["error"]["details"]] == [
        "ErrorInfo",
        "BadRequest",
    ]
    assert told["indexed"]["ascending"]
    assert told["indexed"]["last"]["state"] == "INDEXING_JOB_STATE_COMPLETE"
    assert {item["label"] for item in told["stored"]["items"]} == labels
    assert [product["displayName"] for product in told["products"]["listed"]] == ["Scarf", "Linen set"]
    by_text, further, by_photo = told["found"]
    assert [len(page["queries"][0]["hits"]) for page in (by_text, further)] == [2, 1]
    assert {query["hits"][0]["item"]["label"] for query in by_photo["queries"]} == labels


def test_the_scenario_is_refused_with_details(answers: dict[str, Any]) -> None:
    failures = answers[REFERENCE]["failures"]
    codes = {name: failure["code"] for name, failure in failures.items()}
    assert codes == {
        "notFound": "NotFound",
        "notFoundInStream": "NotFound",
        "invalid": "InvalidArgument",
        "noQuery": "InvalidArgument",
        "taken": "AlreadyExists",
        "noOperation": "NotFound",
        "wrongModel": "FailedPrecondition",
        "aborted": "Canceled",
    }
    assert failures["invalid"]["violations"][0]["field"] == "top_k"
    assert failures["taken"]["reason"] == "EXTERNAL_ID_TAKEN"
    assert {failure.get("requestId") for failure in failures.values()} == {"conformance", None}
