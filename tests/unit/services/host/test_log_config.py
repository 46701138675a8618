"""Lines of the log as JSON."""

from __future__ import annotations

import json
import logging
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import FailedPrecondition, Unavailable
from domain.spans import Attributes
from services.catalog.vectors.milvus_index import MilvusIndex
from services.host.log_config import (
    AUDIT,
    MAX_CHARS,
    JsonFormatter,
    configure_audit_lines,
    silence_drivers,
)
from tests import milvus
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, SHELF, ListSource


class FixedTrace:
    trace_id = "0af7651916cd43dd8448eb211c80319c"

    def record(
        self, name: str, start_ns: int, end_ns: int, attributes: Attributes, error: str = ""
    ) -> None: ...


def record(message: str, *values: object) -> logging.LogRecord:
    made = logging.LogRecord("armoire.edge", logging.WARNING, "file", 1, message, values, None)
    made.created = 0.25
    return made


def test_a_line_of_a_call_has_its_ids() -> None:
    token = CURRENT_CALL.set(Call("r-1", trace=FixedTrace()))
    line = JsonFormatter().format(record("a photo of %d bytes\n\x00", 3))
    CURRENT_CALL.reset(token)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00.250+00:00",
        "level": "WARNING",
        "logger": "armoire.edge",
        "message": "a photo of 3 bytes\n\x00",
        "request_id": "r-1",
        "trace_id": FixedTrace.trace_id,
    }


def test_other_lines_have_no_ids_and_long_ones_are_cut() -> None:
    failed = record("x" * 2 * MAX_CHARS)
    try:
        raise ValueError("cause")
    except ValueError:
        failed.exc_info = sys.exc_info()
    line = json.loads(JsonFormatter().format(failed))
    assert line.keys() == {"time", "level", "logger", "message", "exception"}
    assert line["message"] == "x" * MAX_CHARS
    assert line["exception"].endswith("ValueError: cause")


@pytest.fixture
def audit() -> Iterator[logging.Logger]:
    """The logger of audit records, which is put back afterwards."""
    logger = logging.getLogger(AUDIT)
    before = logger.level, logger.propagate
    yield logger
    for handler in logger.handlers:
        handler.close()
    logger.handlers = []
    logger.level, logger.propagate = before


def test_audit_records_go_to_a_file_that_may_be_moved_away(audit: logging.Logger, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    configure_audit_lines(str(path))
    audit.info("%s", '{"id": 1}')
    path.rename(tmp_path / "audit.1")
    audit.info("%s", '{"id": 2}')
    assert (tmp_path / "audit.1").read_text() == '{"id": 1}\n'
    assert path.read_text() == '{"id": 2}\n'
    assert not audit.propagate


def test_audit_records_go_nowhere_unless_wanted(audit: logging.Logger) -> None:
    configure_audit_lines("")
    assert not audit.isEnabledFor(logging.INFO)


def test_audit_records_go_to_the_log(audit: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    configure_audit_lines("log")
    audit.info("%s", '{"id": 1}')
    assert caplog.messages == ['{"id": 1}']


def test_a_json_line_has_the_fields_of_an_audit_record() -> None:
    made = record('{"id": 1}')
    made.audit = {"id": 1}
    line = json.loads(JsonFormatter().format(made))
    assert (line["message"], line["audit"]) == ("audit record", {"id": 1})


def test_a_file_that_cannot_be_written_is_refused(audit: logging.Logger, tmp_path: Path) -> None:
    with pytest.raises(FailedPrecondition, match="ARMOIRE_AUDIT__LINES"):
        configure_audit_lines(str(tmp_path / "none" / "audit.jsonl"))


def test_a_line_that_cannot_be_written_fails_nothing(
    audit: logging.Logger, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "logs" / "audit.jsonl"
    path.parent.mkdir()
    configure_audit_lines(str(path))
    shutil.rmtree(path.parent)
    for _ in range(3):
        audit.info("%s", '{"id": 1}')
    (line,) = caplog.messages
    assert f"audit records cannot be written to {path}" in line
    path.parent.mkdir()
    audit.info("%s", '{"id": 2}')
    assert path.read_text() == '{"id": 2}\n'


def test_drivers_do_not_log_what_they_raise(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    silence_drivers()
    with milvus.serving(tmp_path / "milvus.db") as (uri, _):
        index = MilvusIndex(uri, COLUMNS)
        index.open()
        index.open_collection(SHELF, ListSource())
    with pytest.raises(Unavailable):
        index.count(SHELF)
    index.close()
    assert [record.name for record in caplog.records] == ["services.catalog.vectors.milvus_index"]
