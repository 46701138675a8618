from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="curves need matplotlib")

from training.journal import Journal


def test_a_resumed_run_goes_on_where_the_file_ends(tmp_path: Path) -> None:
    Journal(tmp_path).add({"minutes": 1.0, "loss": 2.0}, {"seed": 0})
    Journal(tmp_path).add({"minutes": 2.0, "loss": 1.0}, {"seed": 0})
    stored = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert [row["loss"] for row in stored["rows"]] == [2.0, 1.0]
    assert stored["facts"] == {"seed": 0}
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
