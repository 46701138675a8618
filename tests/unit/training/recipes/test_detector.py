"""The recipe end to end on a handful of drawings: too little to learn from, enough for every step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.detector import DetectorOptions, train_detector, write_dataset  # noqa: E402

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


def test_pictures_have_boxes_and_no_validation_photo(photos: Path, tmp_path: Path) -> None:
    write_dataset(options(photos, tmp_path), tmp_path / "dataset")
    pictures = list((tmp_path / "dataset" / "images").rglob("*.jpg"))
    labels = [path.read_text(encoding="utf-8").split("\n") for path in tmp_path.rglob("labels/*/*.txt")]
    assert len(pictures) == len(labels)
    assert 5 < len(pictures) <= 36 + 5
    for line in (line for lines in labels for line in lines if line):
        assert all(0 <= float(value) <= 1 for value in line.split()[1:])


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
