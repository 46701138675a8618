"""The history of the models, and the aliases that outlive the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from services.inference.repository.journal import (
    ALIASES_NAME,
    EVENTS_NAME,
    Alias,
    EventKind,
    Journal,
    ModelEvent,
    SavedAliases,
)

EVENTS = [ModelEvent(EventKind.LOADED, f"yolo-{number}") for number in range(5)]
SAVED = SavedAliases({"detect": "yolo"}, (Alias("detect", "default", "yolo-1", "yolo:1"),))


@pytest.fixture(params=["kept", "in memory"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    made = Journal(tmp_path if request.param == "kept" else None)
    for event in EVENTS:
        made.record(event)
    return made


def test_events_come_in_pages_the_newest_first(journal: Journal) -> None:
    first, token = journal.events(3, "")
    assert list(first) == [EVENTS[4], EVENTS[3], EVENTS[2]]
    journal.record(ModelEvent(EventKind.UNLOADED, "yolo-0"))
    last, end = journal.events(3, token)
    assert (list(last), end) == ([EVENTS[1], EVENTS[0]], "")


@pytest.mark.parametrize("token", ["-1", "0", "6", "x", "1.5"])
def test_a_token_of_no_page_is_refused(journal: Journal, token: str) -> None:
    with pytest.raises(InvalidInput, match="page_token"):
        journal.events(3, token)


def test_events_and_aliases_outlive_the_process(tmp_path: Path) -> None:
    before = Journal(tmp_path)
    before.record(EVENTS[0])
    before.save(SAVED)
    after = Journal(tmp_path)
    assert list(after.events(9, "")[0]) == [EVENTS[0]]
    assert after.saved() == SAVED


def test_a_line_that_a_crash_has_cut_off_is_left_out(tmp_path: Path) -> None:
    Journal(tmp_path).record(EVENTS[0])
    with (tmp_path / EVENTS_NAME).open("ab") as file:
        file.write(b'{"kind":"LOA')
    Journal(tmp_path).record(EVENTS[1])
    assert list(Journal(tmp_path).events(9, "")[0]) == [EVENTS[1], EVENTS[0]]


def test_aliases_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    (tmp_path / ALIASES_NAME).write_text("{")
    assert Journal(tmp_path).saved() == SavedAliases({}, ())
