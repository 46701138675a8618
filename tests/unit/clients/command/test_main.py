from __future__ import annotations

from typing import Any

import pytest

from armoire.command.main import build_parser, main
from tests.unit.clients.command.outcomes import documents


def test_no_server(capsys: pytest.CaptureFixture[str], free_address: str, photos: list[str]) -> None:
    assert main(["analyze", *photos, "--json", "--address", free_address]) == 1
    out, err = capsys.readouterr()
    (document,) = documents(out)
    assert document["error"]["reason"] == "NO_ANSWER"
    assert free_address in err
    assert "make serve" in err


def test_shared_options_stand_anywhere_and_come_from_the_environment() -> None:
    parser = build_parser({"ARMOIRE_ADDRESS": "far:1", "ARMOIRE_TIMEOUT_S": "7"})
    plain = parser.parse_args(["health"])
    assert (plain.address, plain.timeout_s, plain.json) == ("far:1", 7.0, False)
    before = parser.parse_args(["--address", "near:2", "--timeout-s", "8", "--json", "health"])
    after = parser.parse_args(["health", "--address", "near:2", "--timeout-s", "8", "--json"])
    assert (before.address, before.timeout_s, before.json) == ("near:2", 8.0, True)
    assert (after.address, after.timeout_s, after.json) == ("near:2", 8.0, True)
    assert build_parser({"ARMOIRE_ADDRESS": ""}).parse_args(["health"]).address == "127.0.0.1:50051"


def test_the_timeout_of_a_call(armoire: Any, server: Any, never: Any) -> None:
    server.say("ListModels", never)
    status, out, _ = armoire("models", "--timeout-s", "0.05", "--json")
    assert status == 1
    assert documents(out)[0]["error"]["code"] == "DEADLINE_EXCEEDED"


@pytest.mark.parametrize(
    "command",
    [
        *("health", "models", "analyze", "embed", "index", "search", "bench", "jobs", "products"),
        *("images", "items", "jobs list", "jobs get", "jobs cancel", "jobs retry", "products list"),
        *("products get", "products delete", "images list", "images get", "images save"),
        *("images delete", "items list", "items get", "review", "review queue", "review lease"),
        *("review release", "review verify", "review statistics"),
    ],
)
def test_help_teaches_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--help"])
    assert stop.value.code == 0
    assert f"examples:\n  armoire {command}" in capsys.readouterr().out


def test_no_command() -> None:
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
