"""`armoire admin predictions` and `armoire admin profile`."""

from __future__ import annotations

import base64
import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from armoire.command.durations import moment
from armoire.v1 import admin_pb2, inference_pb2, types_pb2
from tests.unit.clients.command.outcomes import documents

LOGGED = admin_pb2.LoggedPrediction(
    id="01970000-0000-7000-8000-0000000000a1",
    tenant="shop",
    method="Analyze",
    embedder_version="embedder-1",
    sha256="00",
    items=[
        inference_pb2.AnalyzedItem(
            label="dress", score=0.5, embedding=types_pb2.Embedding(values=[0.5, -0.25])
        ),
        inference_pb2.AnalyzedItem(label="hat"),
    ],
    boxes=[types_pb2.Box(x1=1, y1=2, x2=3, y2=4)],
    has_picture=True,
)


def pages(*sizes: int) -> list[admin_pb2.ListPredictionsResponse]:
    tokens = [*map(str, range(1, len(sizes))), ""]
    return [
        admin_pb2.ListPredictionsResponse(predictions=[LOGGED] * size, next_page_token=token)
        for size, token in zip(sizes, tokens, strict=True)
    ]


def test_all_pages_are_written_one_object_a_line(armoire: Any, server: Any, tmp_path: Path) -> None:
    server.say("ListPredictions", *pages(2, 1))
    out = tmp_path / "log.jsonl"
    arguments = ("--since", "2026-01-31", "--until", "1d", "--tenant", "shop", str(out))
    status, _, err = armoire("admin", "predictions", "export", *arguments)
    assert (status, "wrote 3 entries" in err) == (0, True)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == 3
    assert (lines[0]["id"], lines[0]["model_versions"]["embedder"]) == (LOGGED.id, "embedder-1")
    boxes = {"min_score": None, "priority": "interactive", "boxes_xyxy": [[1, 2, 3, 4]]}
    assert lines[0]["options"] == boxes
    dress, hat = lines[0]["items"]
    assert struct.unpack("<2e", base64.b64decode(dress["embedding"])) == (0.5, -0.25)
    assert hat["embedding"] is None
    first, second = server.requests["ListPredictions"]
    assert (first.tenant, first.created_from.ToDatetime()) == ("shop", datetime(2026, 1, 31))
    assert first.created_before.seconds > first.created_from.seconds
    assert (first.include_pictures, second.page_token) == (False, "1")


def test_photos_are_saved_beside(armoire: Any, server: Any, tmp_path: Path) -> None:
    page = admin_pb2.ListPredictionsResponse(predictions=[LOGGED])
    page.predictions[0].picture = b"\xff\xd8 a photo"
    server.say("ListPredictions", page)
    arguments = ("--pictures", str(tmp_path / "photos"), "-")
    status, out, _ = armoire("admin", "predictions", "export", *arguments)
    (document,) = documents(out)
    saved = tmp_path / "photos" / f"{LOGGED.id}.jpg"
    assert (status, document["picture"], saved.read_bytes()) == (0, str(saved), b"\xff\xd8 a photo")
    assert server.requests["ListPredictions"][0].include_pictures


def test_an_age_is_counted_from_now() -> None:
    before = datetime.now(UTC)
    assert before - timedelta(hours=2) <= moment("2h") <= datetime.now(UTC) - timedelta(hours=2)
    assert moment("2026-01-31T12:00+02:00") == datetime(2026, 1, 31, 10, tzinfo=UTC)


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01", "0d"])
def test_a_bad_time_is_refused(armoire: Any, time: str) -> None:
    assert armoire("admin", "predictions", "export", f"--since={time}", "-")[0] == 2


def test_a_profile_is_saved(armoire: Any, server: Any, tmp_path: Path) -> None:
    reply = admin_pb2.ProfileResponse(
        speedscope_json='{"a":1}',
        process_id=7,
        cpu_time={"seconds": 2},
        sampling_cpu_time={"nanos": 20_000_000},
    )
    server.say("Profile", reply)
    out = tmp_path / "profile.json"
    status, text, _ = armoire("admin", "profile", "--seconds", "0.5", "--rate", "50", "-o", str(out))
    assert (status, out.read_text()) == (0, '{"a":1}')
    assert "process 7 used 2.00 s of CPU, 1.0% of it for sampling" in text
    (request,) = server.requests["Profile"]
    assert (request.duration.ToMilliseconds(), request.rate) == (500, 50)


def test_a_file_that_cannot_be_written_is_told_before_the_call(
    armoire: Any, server: Any, tmp_path: Path
) -> None:
    target = str(tmp_path / "nowhere" / "file")
    for arguments in (("profile", "-o", target), ("predictions", "export", target)):
        assert armoire("admin", *arguments)[0] == 1
    assert not server.requests["Profile"]
