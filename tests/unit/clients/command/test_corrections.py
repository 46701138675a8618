from __future__ import annotations

from typing import Any

import pytest

from armoire.v1 import corrections_pb2, items_pb2
from tests.unit.clients.calls.test_corrections import CORRECTION
from tests.unit.clients.command.outcomes import documents


def test_what_is_right_is_said_by_options(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    reply = corrections_pb2.CorrectItemResponse(item=item, correction=CORRECTION, job_id="job-1")
    server.say("CorrectItem", reply)
    options = (
        "--label",
        "dress",
        "--set",
        "season=summer",
        "--set",
        "season=spring",
        "--not",
        "pattern=plain",
    )
    status, out, _ = armoire("items", "correct", "item-1", *options, "--box", "1,2,3,4.5")
    assert (status, out.splitlines()[0]) == (0, "label: skirt -> dress")
    (request,) = server.requests["CorrectItem"]
    assert list(request.attributes["season"].values) == ["summer", "spring"]
    assert list(request.attributes["pattern"].not_values) == ["plain"]
    assert request.box.y2 == 4.5


@pytest.mark.parametrize(
    "options",
    [("--set", "color"), ("--box", "1,2,3"), ("--set", "color=red", "--clear", "color")],
)
def test_options_that_say_nothing_clear_are_refused(
    armoire: Any, server: Any, options: tuple[str, ...]
) -> None:
    status, _, _ = armoire("items", "correct", "item-1", *options)
    assert status != 0
    assert "CorrectItem" not in server.requests


def test_the_history_is_shown(armoire: Any, server: Any) -> None:
    server.say("ListCorrections", corrections_pb2.ListCorrectionsResponse(corrections=[CORRECTION]))
    status, out, _ = armoire("items", "history", "--item", "item-1", "--json")
    (found,) = documents(out)
    assert status == 0
    assert (found["correction_id"], found["author"], found["kind"]) == ("c1", "user:7", "correct")
    assert found["changes"] == [{"field": "label", "before": "skirt", "after": "dress"}]
