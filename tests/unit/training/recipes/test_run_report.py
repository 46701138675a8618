from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

from training.evaluation.intervals import Estimate
from training.recipes.provenance import Cost
from training.recipes.run_report import cost_lines, facts_tables, interval, table, write_report


def test_a_page_has_its_sections_in_order(tmp_path: Path) -> None:
    page = write_report(tmp_path, "A run", [("Result", "good\n"), ("Cost", cost_lines(Cost(90, 60)))])
    assert page.read_text() == (
        "# A run\n\n## Result\n\ngood\n\n## Cost\n\n1.5 minutes of wall time and 1.0 minutes of CPU time "
        "(90 s and 60 s).\n"
    )


def test_cells_are_escaped_and_numbers_short() -> None:
    assert table(["a", "b"], [["x|y", 0.123456], [3, ""]]).split("\n") == [
        "| a | b |",
        "| --- | --- |",
        "| x\\|y | 0.1235 |",
        "| 3 |  |",
    ]
    assert facts_tables({"data": {"files": 3}}) == "| data |  |\n| --- | --- |\n| files | 3 |"


def test_estimates_have_their_interval_and_count() -> None:
    assert interval(Estimate(0.8123, 0.77, 0.8511, 403)) == "0.812 (0.770 to 0.851, 403)"
