"""Lines of the log as JSON."""

from __future__ import annotations

import json
import logging
import sys

from domain.calls import CURRENT_CALL, Call
from domain.spans import Attributes
from services.host.log_config import MAX_CHARS, JsonFormatter


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
