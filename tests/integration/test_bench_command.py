"""`armoire bench` on the demo models."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from armoire.command.main import main
from demo.server import ServerProcess


@pytest.mark.parametrize(
    "call",
    [
        ["analyze", "--images-per-call", "2", "PHOTOS"],
        ["detect", "--processes", "2", "--connections", "2", "PHOTOS"],
        ["embed", "--rate", "20", "PHOTOS"],
        ["embed-text", "a red dress"],
        ["search", "--text", "a red dress", "PHOTOS"],
        ["empty"],
    ],
    ids=lambda call: call[0],
)
def test_every_call_goes_well(
    server: ServerProcess, samples: list[Path], capsys: pytest.CaptureFixture[str], call: list[str]
) -> None:
    photos = map(str, samples[:3])
    given = [*call[:-1], *photos] if call[-1] == "PHOTOS" else call
    options = [
        "--address",
        server.address,
        "--clients",
        "4",
        "--seconds",
        "1",
        "--warm-up",
        "0",
        "--json",
    ]
    status = main(["bench", *given, *options, "--metrics", f"{server.http_url}/metrics"])
    document = json.loads(capsys.readouterr().out)
    assert (status, document["errors"]) == (0, {})
    assert document["calls"] > 0
    assert document["p50_ms"] <= document["p99_ms"]
    assert len(document["model_versions"]) == 2
    if call[0] == "detect":
        assert (document["processes"], document["connections"]) == (2, 4)
        assert sum(document["batch_rows"]["detector"].values()) >= document["calls"] / 4
