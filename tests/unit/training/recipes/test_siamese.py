"""The recipe end to end on a handful of coloured pictures, with a network of random weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from training.data.outfit_sets import OutfitItem, OutfitSet, write_lines  # noqa: E402
from training.recipes.siamese import SiameseParams, contrastive_loss, nearness, train_siamese  # noqa: E402


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outfits")
    rng = np.random.default_rng(0)
    outfits = []
    for number in range(24):
        items = []
        for part in ("top", "bottom"):
            picture = np.clip(rng.normal((number * 10, 90, 200), 30, (40, 30, 3)), 0, 255).astype(np.uint8)
            path = folder / f"{number}-{part}.png"
            cv2.imwrite(str(path), picture)
            items.append(OutfitItem(path.stem, part, image=str(path), slot=part, box=(2, 2, 28, 38)))
        outfits.append(OutfitSet(str(number), "test" if number >= 18 else "train", tuple(items)))
    write_lines(folder / "outfits.jsonl", outfits)
    return folder


def params(data: Path, **changes: Any) -> SiameseParams:
    given = {
        "data": {"path": data, "validation_share": 0.3},
        "network": {"backbone": "mobilenetv3_small_050", "pretrained": "none", "input_px": 32},
        "width": 8,
        "head": {"epochs": 3, "rate": 0.01},
        "batch": 4,
        "epochs": 2,
    }
    return SiameseParams.model_validate({**given, **changes})


def test_it_writes_a_model_and_its_figures(data: Path, tmp_path: Path) -> None:
    assert train_siamese(params(data), tmp_path) == tmp_path / "model"
    config = json.loads((tmp_path / "model" / "config.json").read_text())
    assert (config["num_classes"], config["pretrained_cfg"]["input_size"]) == (8, [3, 32, 32])
    figures = json.loads((tmp_path / "figures.json").read_text())["test"]
    assert figures["AUC, pairs"]["count"] == 12
    assert "python -m export siamese" in (tmp_path / "report.md").read_text()
    with pytest.raises(InvalidInput, match=r"margin is 0.5; the run that is resumed had 1.0"):
        train_siamese(params(data, margin=0.5), tmp_path)


def test_outputs_of_frozen_layers_may_be_kept(data: Path, tmp_path: Path) -> None:
    network = {
        "backbone": "mobilenetv2_035",
        "pretrained": "none",
        "input_px": 32,
        "frozen_stride": 8,
        "kept_views": 2,
    }
    train_siamese(params(data, network=network, epochs=1), tmp_path)
    rows = json.loads((tmp_path / "metrics.json").read_text())["rows"]
    assert [row["epoch"] for row in rows] == [1]


def test_items_without_pictures_are_refused(tmp_path: Path) -> None:
    items = (OutfitItem("a", "x", "a", slot="top"), OutfitItem("b", "y", "b", slot="shoes"))
    write_lines(tmp_path / "outfits.jsonl", [OutfitSet(str(n), "train", items) for n in range(20)])
    with pytest.raises(InvalidInput, match="has an item without a picture: a"):
        train_siamese(params(tmp_path), tmp_path / "run")


def test_the_loss_wants_items_of_an_outfit_near_and_others_apart() -> None:
    outfits, categories = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 0, 1])
    near = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [-1.0, 0.0]])
    mixed = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    assert float(contrastive_loss(near, outfits, categories, 1.0)) == pytest.approx(0, abs=1e-6)
    assert float(contrastive_loss(mixed, outfits, categories, 1.0)) == pytest.approx(4, abs=1e-4)
    same = torch.zeros(4, dtype=torch.int64)
    assert float(contrastive_loss(mixed, outfits, same, 1.0)) == 0  # no pair of two categories


def test_nearness_is_1_for_items_at_one_point_and_0_for_opposite_ones() -> None:
    assert nearness(np.array([[1, 0], [1, 0], [1, 0]], np.float32)) == 1
    assert nearness(np.array([[1, 0], [-1, 0]], np.float32)) == pytest.approx(0)
