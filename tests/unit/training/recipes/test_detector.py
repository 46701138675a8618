"""The recipe end to end on a handful of drawings: too little to learn from, enough for every step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from export.yolo.checkpoint import load_checkpoint  # noqa: E402
from training.recipes.detector import DetectorParams, train_detector  # noqa: E402
from training.recipes.params import read_params  # noqa: E402

RECIPES = Path(__file__).parents[4] / "training/recipes"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight pictures of a rectangle on noise, dresses and what was rejected, in the form of an export."""
    folder = tmp_path_factory.mktemp("garments")
    rng = np.random.default_rng(0)
    for split, count in (("train", 8), ("val", 4), ("test", 4)):
        for kind in ("images", "labels"):
            (folder / kind / split).mkdir(parents=True)
        for index in range(count):
            picture = rng.integers(0, 60, (64, 64, 3)).astype(np.uint8)
            picture[16:48, 16:48] = (220, 40, 40) if index % 2 else (40, 40, 220)
            cv2.imwrite(str(folder / "images" / split / f"{index}.jpg"), picture)
            (folder / "labels" / split / f"{index}.txt").write_text(f"{index % 2} 0.5 0.5 0.5 0.5\n")
    path = folder / "data.yaml"
    names = ["dress", "ignore"]
    splits = {name: f"images/{name}" for name in ("train", "val", "test")}
    path.write_text(json.dumps({**splits, "names": names}), encoding="utf-8")
    return path


def params(table: Path, **changes: Any) -> DetectorParams:
    given = {
        "data": {"path": table},
        "checkpoint": str(RECIPES / "detector.yaml"),
        "input_px": 64,
        "batch": 4,
        "accumulation": 1,
        "epochs": 2,
        "precision": "bf16",
    }
    return DetectorParams.model_validate({**given, **changes})


@pytest.fixture(scope="module")
def trained(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    assert train_detector(params(table), folder) == folder / "detector.pt"
    return folder


def test_it_writes_a_checkpoint_that_the_export_loads(trained: Path) -> None:
    found = load_checkpoint(str(trained / "detector.pt"))
    assert (found.task, [*found.names.values()]) == ("detect", ["dress", "ignore"])


def test_figures_leave_out_what_was_rejected(trained: Path) -> None:
    figures = json.loads((trained / "figures.json").read_text())
    for split in ("val", "test"):
        labels = figures[split]["box"]["labels"]
        assert figures[split]["box"]["mAP50"] == labels["dress"][0]
        assert labels.keys() == {"dress", "ignore"}
    report = (trained / "report.md").read_text()
    assert "| ignore | 4 | 2 | 2 |" in report
    assert "python -m export yolo" in report
    assert "train sha256" in report
    rows = json.loads((trained / "metrics.json").read_text())["rows"]
    assert [row["epoch"] for row in rows] == [1, 2]


def test_a_run_that_died_after_its_last_epoch_is_finished(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ultralytics.engine.trainer import BaseTrainer

    def die(trainer: BaseTrainer) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(BaseTrainer, "final_eval", die)
        with pytest.raises(KeyboardInterrupt):
            train_detector(params(table), tmp_path)
    rows = (tmp_path / "metrics.csv").read_text(encoding="utf-8")
    weights = train_detector(params(table), tmp_path)
    assert torch.load(weights, weights_only=False)["optimizer"] is None
    assert (tmp_path / "metrics.csv").read_text(encoding="utf-8") == rows


def test_a_run_that_was_interrupted_goes_on(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ultralytics.models.yolo.detect import DetectionTrainer

    saved = DetectionTrainer.save_model

    def save_once(trainer: DetectionTrainer) -> None:
        saved(trainer)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(DetectionTrainer, "save_model", save_once)
        with pytest.raises(KeyboardInterrupt):
            train_detector(params(table), tmp_path)
    train_detector(params(table), tmp_path)
    rows = json.loads((tmp_path / "metrics.json").read_text())["rows"]
    assert [row["epoch"] for row in rows][-1] == 2
    assert (tmp_path / "detector.pt").is_file()


def test_a_run_is_not_resumed_with_other_params(trained: Path, table: Path) -> None:
    with pytest.raises(InvalidInput, match="batch is 2; the run that is resumed had 4"):
        train_detector(params(table, batch=2), trained)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"task": "segment"}, "task: is segment; .* is for detect"),
        ({"task": "segment", "checkpoint": "yolov8n-seg.yaml"}, "task: is segment; not all objects"),
        ({"checkpoint": "nowhere/yolo.pt"}, "checkpoint: nowhere/yolo.pt does not exist"),
        ({"data": {"path": "nowhere.yaml"}}, r"data.path: must be a data.yaml"),
    ],
)
def test_what_does_not_fit_is_refused(
    change: dict[str, Any], complaint: str, table: Path, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        train_detector(params(table, **change), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_polygons_train_a_segmenter(table: Path, tmp_path: Path) -> None:
    for path in (table.parent / "images").glob("*/*.jpg"):
        target = tmp_path / path.relative_to(table.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        label = tmp_path / "labels" / path.parent.name / f"{path.stem}.txt"
        label.parent.mkdir(parents=True, exist_ok=True)
        label.write_text("0 0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75\n")
    (tmp_path / "data.yaml").write_text(table.read_text())
    change = {"task": "segment", "checkpoint": "yolov8n-seg.yaml", "epochs": 1}
    weights = train_detector(params(tmp_path / "data.yaml", **change), tmp_path / "run")
    assert load_checkpoint(str(weights)).task == "segment"
    figures = json.loads((tmp_path / "run" / "figures.json").read_text())
    assert figures["val"].keys() == {"box", "mask"}


def test_the_demos_recipe_is_a_file_of_params() -> None:
    found = read_params(DetectorParams, "detector", RECIPES / "detector.params.yaml")
    assert found.checkpoint == "training/recipes/detector.yaml"
    assert found.update_size == 64
