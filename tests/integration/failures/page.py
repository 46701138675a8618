"""The table of failures in docs/errors.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from demo.server import ROOT
from tests.integration.failures.failures import Failure
from tests.integration.failures.transports import TRANSPORTS, Told
from tests.integration.failures.ways import FORM, OIP, REST, STREAMS

PAGE = ROOT / "docs/errors.md"
BEGIN, END = "<!-- make errors-doc writes from here -->\n", "<!-- to here -->\n"
COLUMNS = (*TRANSPORTS, FORM, OIP, REST)
SAME, ABSENT = "✓", "–"


@dataclass
class Row:
    """A failure, and where it was met."""

    failure: Failure
    columns: set[str] = field(default_factory=set)
    streams: dict[str, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def add(self, way: str, column: str, told: Told) -> None:
        self.kinds.add(", ".join(told.kinds))
        self.columns.add(column)
        if column.startswith(STREAMS):
            self.columns.add(column.removeprefix(f"{STREAMS} "))
            self.streams[way] = None

    def cells(self) -> list[str]:
        about = self.failure
        met = [SAME if column in self.columns else ABSENT for column in COLUMNS]
        (kinds,) = self.kinds
        where = ", ".join(self.streams) or ABSENT
        return [about.title, about.code, f"`{about.reason}`", str(about.http), kinds, *met, where]


def with_table(rows: Sequence[Row]) -> str:
    """The page as it should be."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + _table(rows) + "\n" + END + after


def _table(rows: Sequence[Row]) -> str:
    headers = ["failure", "code", "reason", "HTTP", "details", *COLUMNS, "in streams"]
    lines = [headers, ["---"] * len(headers), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
