"""The recipe end to end on a handful of drawings: too little to learn from, enough for every step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.detector import DetectorOptions, train_detector  # noqa: E402

TAXONOMY = Path(__file__).parents[4] / "domain/taxonomy.toml"


def options(photos: Path, out: Path) -> DetectorOptions:
    return DetectorOptions(
        photos,
        out,
        TAXONOMY,
        cache=out,
        minutes=0.001,
        batch=4,
        input_px=96,
        scenes=3,
        dev_scenes=2,
        sample_copies=0,
        thumbnail_px=64,
    )


def test_a_run_that_died_after_its_last_epoch_is_finished(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ultralytics.engine.trainer import BaseTrainer

    def die(trainer: BaseTrainer) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(BaseTrainer, "final_eval", die)
        with pytest.raises(KeyboardInterrupt):
            train_detector(options(photos, tmp_path))
    last = tmp_path / "train" / "weights" / "last.pt"
    assert load(last)["optimizer"] is not None
    epochs = (tmp_path / "train" / "results.csv").read_text(encoding="utf-8")

    weights = train_detector(options(photos, tmp_path))
    assert load(weights)["optimizer"] is None
    assert "dev mAP50" in json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))["rows"][0]

    weights.unlink()
    assert train_detector(options(photos, tmp_path)) == weights
    assert load(last)["epoch"] == -1
    assert (tmp_path / "train" / "results.csv").read_text(encoding="utf-8") == epochs


def load(path: Path) -> dict[str, object]:
    checkpoint: dict[str, object] = torch.load(path, weights_only=False)
    return checkpoint
