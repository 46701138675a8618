from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput
from training.__main__ import main
from training.command.recipes import CONFIGURED
from training.recipes.configured import describe, recipe, train_configured

PAGE = Path(__file__).parents[4] / "docs/training.keys.md"


@pytest.mark.parametrize("name", CONFIGURED)
def test_the_page_has_all_keys(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Write it anew with `python -m training keys`."""
    assert f"## {name}\n\n{describe(name)}\n" in PAGE.read_text(encoding="utf-8")
    assert main(["keys", name]) == 0
    assert capsys.readouterr().out == f"{describe(name)}\n"


@pytest.mark.parametrize("name", CONFIGURED)
def test_each_preset_is_valid(name: str, tmp_path: Path) -> None:
    further = ", embedder: nowhere" if name == "compatibility" else ""
    for preset in recipe(name).params.presets:
        table = tmp_path / f"{preset}.yaml"
        table.write_text(f"{name}: {{preset: {preset}, data: {{path: nowhere}}{further}}}")
        with pytest.raises(InvalidInput, match=r"data.path: must be"):
            train_configured(name, table, tmp_path / "run", ())
    assert not (tmp_path / "run").exists()


def test_wrong_keys_end_with_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "params.yaml"
    table.write_text("classifier: {data: {path: a}}")
    command = ["classifier", "--config", str(table), "--out", str(tmp_path), "--set", "epoch=3"]
    assert main(command) == 2
    assert capsys.readouterr().err == "epoch: is unknown; did you mean epochs?\n"
