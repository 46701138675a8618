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
from export.tagger.exporter import read_heads  # noqa: E402
from training.recipes.tagger import TaggerParams, train_tagger  # noqa: E402

TAXONOMY = Path(__file__).parents[4] / "domain/taxonomy.toml"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty pictures, each with some of the tags; fit is known of none."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    rows = ["image,group,split,source,pattern,formality,seasons,style"]
    for index in range(30):
        picture = np.clip(rng.normal((index * 8, 90, 200), 30, (40, 30, 3)), 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{index}.png"), picture)
        pattern = ("plain", "striped", "")[index % 3]
        style = "casual|sporty" if index % 2 else "none"
        part = "test" if index >= 24 else "train"
        rows.append(f"{index}.png,{index},{part},weak,{pattern},{index / 30:.2f},summer,{style}")
    path = folder / "tags.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def params(table: Path, **changes: Any) -> TaggerParams:
    given = {
        "data": {"path": table, "test_split": "test", "validation_share": 0.25},
        "taxonomy": TAXONOMY,
        "network": {"backbone": "mobilenetv3_small_050", "pretrained": "none", "input_px": 32},
        "head": {"epochs": 3, "rate": 0.01},
        "batch": 8,
        "epochs": 2,
    }
    return TaggerParams.model_validate({**given, **changes})


@pytest.fixture(scope="module")
def trained(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    assert train_tagger(params(table), folder) == folder / "model"
    return folder


def test_it_writes_a_model_with_its_heads(trained: Path) -> None:
    heads = read_heads(trained / "model" / "heads.json")
    assert [head.name for head in heads] == ["pattern", "fit", "formality", "seasons", "style"]
    config = json.loads((trained / "model" / "config.json").read_text())
    assert config["num_classes"] == sum(head.width for head in heads) == 6 + 4 + 1 + 4 + 6
    assert config["label_names"][0] == "pattern: plain"


def test_figures_are_of_the_heads_that_are_known_with_their_counts(trained: Path) -> None:
    figures = {row["head"]: row for row in json.loads((trained / "figures.json").read_text())["test"]}
    assert sorted(figures) == ["formality", "pattern", "seasons", "style"]
    assert figures["pattern"]["figures"]["accuracy"]["count"] == 4
    assert figures["formality"]["figures"]["mean error"]["count"] == 6
    report = (trained / "report.md").read_text()
    assert "| test | 6 | 4 | 0 | 6 | 6 | 6 | weak 6 |" in report
    assert "python -m export tagger" in report


def test_a_run_is_not_resumed_with_other_data(trained: Path, table: Path, tmp_path: Path) -> None:
    for path in table.parent.glob("*.png"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "tags.csv").write_text(table.read_text().replace("striped", "dotted"))
    train_tagger(params(table), trained)
    changed = params(tmp_path / "tags.csv")
    with pytest.raises(InvalidInput, match=r"data.path is .*; the run that is resumed had"):
        train_tagger(changed, trained)
    table.write_text((tmp_path / "tags.csv").read_text())
    with pytest.raises(InvalidInput, match=r"train sha256 is .*; the run that is resumed had"):
        train_tagger(params(table), trained)
