"""The recipe end to end on a handful of coloured pictures, with a network of random weights."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from export.classifier.options import ClassifierOptions  # noqa: E402
from export.classifier.timm_network import load_timm  # noqa: E402
from training.recipes.backbone import NetworkParams, load_backbone  # noqa: E402
from training.recipes.classifier import (  # noqa: E402
    ClassifierParams,
    class_weights,
    mixup,
    train_classifier,
)

COLORS = {"blue coat": (40, 60, 200), "red dress": (200, 40, 40), "green hat": (40, 180, 60)}

NETWORK = {"backbone": "mobilenetv3_small_050", "pretrained": "none", "input_px": 32, "frozen_stride": 4}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures of each label, one by each of twelve people, of whom two are for the test."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    rows = ["file,kind,who,part"]
    for label, color in COLORS.items():
        for index in range(12):
            picture = np.clip(rng.normal(color, 20, (40, 30, 3)), 0, 255).astype(np.uint8)
            name = f"{label.replace(' ', '-')}-{index}"
            cv2.imwrite(str(folder / f"{name}.png"), picture[..., ::-1])
            rows.append(f"{name},{label},{index},{'test' if index >= 10 else 'train'}")
    path = folder / "pictures.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def params(table: Path, **changes: Any) -> ClassifierParams:
    data = {
        "path": table,
        "image_column": "file",
        "image_suffix": ".png",
        "label_column": "kind",
        "split_column": "part",
        "group_column": "who",
        "test_split": "test",
        "validation_share": 0.4,
    }
    given = {
        "network": NETWORK,
        "head": {"epochs": 4, "rate": 0.01, "views": 2},
        "batch": 8,
        "accumulation": 2,
        "epochs": 2,
        "top_k": 2,
    }
    return ClassifierParams.model_validate({"data": data, **given, **changes})


@pytest.fixture(scope="module")
def trained(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    assert train_classifier(params(table), folder) == folder / "model"
    return folder


def test_it_writes_a_model_that_the_export_reads(trained: Path) -> None:
    network = load_timm(ClassifierOptions(f"local-dir:{trained / 'model'}", "garments"))
    assert network.labels == ("blue coat", "green hat", "red dress")
    assert (network.image.height, network.image.resize_mode) == (32, "squash")
    assert network.class_count() == 3
    best = torch.load(trained / "best.pt", weights_only=True)
    stored = network.network.state_dict()
    assert all(torch.equal(best[name], stored[name]) for name in stored)


def test_it_writes_curves_and_a_report(trained: Path) -> None:
    with (trained / "metrics.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["epoch"] for row in rows] == ["1.0", "2.0"]
    assert [row["step"] for row in rows] == ["2.0", "4.0"]  # of 18 pictures: three batches, two updates
    assert (trained / "curves.svg").read_text().startswith("<?xml")
    report = (trained / "report.md").read_text()
    for heading in ("Result", "Split: validation", "Split: test", "Data", "Cost", "Facts"):
        assert f"## {heading}" in report
    assert "python -m export classifier local-dir:" in report
    figures = json.loads((trained / "figures.json").read_text())
    assert figures["test"]["top-1"][3] == 6
    facts = json.loads((trained / "metrics.json").read_text())["facts"]
    assert len(facts["data"]["train sha256"]) == 64
    assert facts["made with"]["commit"]


def test_an_interrupted_run_ends_as_one_that_was_not(trained: Path, table: Path, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    from training.recipes import epoch_run

    class Once(epoch_run.MetricsLog):
        def add(self, row: dict[str, float], facts: dict[str, Any]) -> None:
            if row["epoch"] == 2:
                raise Stopped
            super().add(row, facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(epoch_run, "MetricsLog", Once)
        with pytest.raises(Stopped):
            train_classifier(params(table), tmp_path)
    train_classifier(params(table), tmp_path)
    whole, resumed = (
        torch.load(folder / "last.pt", weights_only=True)["model"] for folder in (trained, tmp_path)
    )
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_run_is_not_resumed_with_other_params(trained: Path, table: Path) -> None:
    with pytest.raises(InvalidInput, match="batch is 4; the run that is resumed had 8"):
        train_classifier(params(table, batch=4), trained)
    train_classifier(params(table, threads=2), trained)  # the result does not depend on it


def test_frozen_layers_keep_their_weights_and_statistics(trained: Path, table: Path) -> None:
    torch.manual_seed(0)
    before = load_backbone(NetworkParams.model_validate(NETWORK), 3).network.state_dict()
    after = torch.load(trained / "last.pt", weights_only=True)["model"]
    moved = {name for name in after if not torch.equal(before[name], after[name])}
    assert not [name for name in moved if name.startswith(("conv_stem", "bn1", "blocks.0"))]
    assert [name for name in moved if name.startswith("blocks.4") and name.endswith("running_mean")]


def test_kept_maps_give_what_the_whole_network_gives(table: Path, tmp_path: Path) -> None:
    """With kept views the validation figures are of the part that is trained, the report's of the whole."""
    network = {**NETWORK, "kept_views": 2}
    train_classifier(params(table, network=network, epochs=1), tmp_path)
    last = torch.load(tmp_path / "last.pt", weights_only=True)
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["best epoch"] == last["best_epoch"] in (0, 1)
    assert figures["validation"]["top-1"][0] == pytest.approx(last["best_value"], abs=0.1)
    before = load_backbone(NetworkParams.model_validate(NETWORK), 3).network.state_dict()
    assert all(last["model"][name].shape == before[name].shape for name in before)


def test_rare_labels_weigh_more() -> None:
    labels = torch.tensor([0, 0, 0, 0, 1])
    inverse, root = (class_weights(labels, 2, kind) for kind in ("inverse", "sqrt"))
    assert float(inverse[1] / inverse[0]) == pytest.approx(4)
    assert float(root[1] / root[0]) == pytest.approx(2)
    assert float(root[labels].mean()) == pytest.approx(1)
    assert class_weights(labels, 2, "none").tolist() == [1, 1]


def test_mixup_blends_inputs_and_targets_alike() -> None:
    torch.manual_seed(0)
    targets = torch.eye(4)
    inputs, blended = mixup(targets.clone(), targets, 1.0)
    assert torch.equal(inputs, blended)
    assert blended.sum(dim=1).tolist() == pytest.approx([1.0] * 4)
    assert not torch.equal(blended, targets)


def test_the_head_alone_may_be_trained(table: Path, tmp_path: Path) -> None:
    assert train_classifier(params(table, epochs=0), tmp_path) == tmp_path / "model"
    with (tmp_path / "metrics.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert [(row["epoch"], row["step"]) for row in rows] == [("0.0", "0.0")]
    assert (tmp_path / "report.md").is_file()


def test_pictures_are_padded_where_their_proportions_are_kept(table: Path, tmp_path: Path) -> None:
    grey = {**NETWORK, "backbone": "tf_efficientnet_lite0", "fit": "pad"}
    model = train_classifier(params(table, epochs=0, network=grey), tmp_path)
    image = load_timm(ClassifierOptions(f"local-dir:{model}", "garments")).image
    assert (image.resize_mode, image.fill) == ("longest", 128)
    colored = {**NETWORK, "fit": "pad"}
    with pytest.raises(InvalidInput, match=r"network.fit: must be squash for mobilenetv3_small_050"):
        train_classifier(params(table, network=colored), tmp_path / "colored")


def test_labels_that_do_not_count_are_left_out(table: Path, tmp_path: Path) -> None:
    data = {**params(table).data.model_dump(), "labels": ["red dress", "green hat"]}
    network = load_timm(
        ClassifierOptions(
            f"local-dir:{train_classifier(params(table, epochs=0, data=data), tmp_path)}", "garments"
        )
    )
    assert network.labels == ("green hat", "red dress")
