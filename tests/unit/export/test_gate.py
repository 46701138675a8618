from __future__ import annotations

import pytest

from export import gate
from export.errors import GateFailure


def test_lets_figures_through_that_hold() -> None:
    figures = {"image_cosine": 0.9999, "token_mismatches": 0.0}
    gate.require("embed", figures, {})
    with pytest.raises(GateFailure, match="image_cosine"):
        gate.require("embed", figures | {"image_cosine": 0.9}, {})


def test_names_the_figure_the_bound_and_the_advice() -> None:
    with pytest.raises(GateFailure, match=r"token_mismatches is 2, must be <= 0: look at the tokenizer"):
        gate.require("embed", {"token_mismatches": 2.0}, {"token_mismatches": "look at the tokenizer"})


def test_table_has_a_verdict_for_each() -> None:
    lines = gate.table("detect", {"matched_boxes": 12.0, "unmatched_share": 0.5, "other": 1.0}).splitlines()
    assert [line.split()[-1] for line in lines] == ["ok", "FAILED", "unknown"]
