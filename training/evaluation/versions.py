"""The main figures of two versions of the models beside each other."""

from __future__ import annotations

from collections.abc import Mapping

from training.evaluation.markdown import Figures, table
from training.evaluation.summary import summary_rows


def versions(figures: Figures, former: Figures) -> str:
    """The summary with the figures of a former version, where both measured them on as many cases."""
    before = {row[0]: row for row in summary_rows(former)}
    rows = [[name, aim, _before(before, name, cases), now] for name, aim, now, cases in summary_rows(figures)]
    columns = ["figure", "aim", _names(former), _names(figures)]
    return table(columns, rows)


def _before(rows: Mapping[str, list[str]], name: str, cases: str) -> str:
    if name not in rows:
        return "–"
    _, _, value, counted = rows[name]
    return value if counted == cases else f"{value}, {counted} cases"


def _names(figures: Figures) -> str:
    return ", ".join(f"`{model['version']}`" for model in figures["models"])
