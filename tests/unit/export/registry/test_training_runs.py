"""Runs of recipes in MLflow's own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput
from export.registry.registry import ModelRegistry
from export.registry.training_runs import TrainingRun

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # MLflow's tables

FACTS = {
    "params": {"seed": "0", "data.path": "DATA/a", "network.width": "64"},
    "data": {"train sha256": "ab" * 32, "train outfits": "12"},
    "made with": {"commit": "c0ffee", "torch": "2.9"},
}


def write_run(folder: Path, epochs: int, figures: Any = None) -> Path:
    folder.mkdir(exist_ok=True)
    rows = [
        {"minutes": 0.1 * n, "epoch": float(n), "loss pairs": 1 / n, "validation AUC, pairs": 0.5 + n / 100}
        for n in range(1, epochs + 1)
    ]
    (folder / "metrics.json").write_text(json.dumps({"facts": FACTS, "rows": rows}))
    (folder / "metrics.csv").write_text("epoch\\n")
    if figures is not None:
        (folder / "figures.json").write_text(json.dumps(figures))
        (folder / "report.md").write_text("# Run")
    return folder


def test_a_run_is_kept_with_its_params_figures_and_data(registry: ModelRegistry, tmp_path: Path) -> None:
    figures = {"best epoch": 2, "test": {"AUC, pairs": {"value": 0.7, "low": 0.6, "high": 0.8, "count": 9}}}
    run_id = registry.track(write_run(tmp_path / "run", 3, figures))
    found = registry._client.get_run(run_id)
    assert found.info.status == "FINISHED"
    assert found.data.params == FACTS["params"]
    assert found.data.tags["data.train sha256"] == "ab" * 32
    assert found.data.tags["mlflow.source.git.commit"] == "c0ffee"
    assert found.data.metrics["validation AUC pairs"] == pytest.approx(0.53)
    assert found.data.metrics["test/AUC pairs/value"] == 0.7
    history = registry._client.get_metric_history(run_id, "loss pairs")
    assert [(each.step, each.value) for each in history] == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    kept = {file.path for file in registry._client.list_artifacts(run_id)}
    assert kept == {"metrics.csv", "figures.json", "report.md"}


def test_a_run_that_goes_on_stays_one_run(registry: ModelRegistry, tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", 1)
    run_id = registry.track(folder)
    assert registry._client.get_run(run_id).info.status == "RUNNING"
    assert registry.track(write_run(folder, 2)) == run_id
    assert registry.track(folder) == run_id
    history = registry._client.get_metric_history(run_id, "loss pairs")
    assert [each.step for each in history] == [1, 2]


def test_figures_of_heads_are_told_by_their_names(tmp_path: Path) -> None:
    heads = [{"head": "pattern", "figures": {"accuracy": {"value": 0.5}}, "baseline": 0.4}]
    run = TrainingRun.read(write_run(tmp_path / "run", 1, {"test": heads, "wall_s": 3.5, "top": [1, 2]}))
    assert run.figures == {
        "test/pattern/figures/accuracy/value": 0.5,
        "test/pattern/baseline": 0.4,
        "wall_s": 3.5,
    }


def test_a_folder_of_no_run_is_refused(registry: ModelRegistry, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"path: must be the folder of a run, with metrics.json"):
        registry.track(tmp_path)
