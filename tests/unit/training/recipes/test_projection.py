"""Fine-tuning of the embedder's last layer on a small export."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy

torch = pytest.importorskip("torch", reason="training needs torch")

from training.data.samples import catalogue, draw_sample  # noqa: E402
from training.recipes.projection import ProjectionOptions, read_pairs, train_projection  # noqa: E402

ROOT = Path(__file__).parents[4]
EMBEDDER = ROOT / "artifacts/demo-embedder"
SAID = {"Court Polo": "dress", "Red Party Dress": "skirt", "Straight Jeans": "shorts"}
"""What a strange reviewer calls the samples, so that there is something to learn."""


@pytest.fixture
def pairs(tmp_path: Path, taxonomy: Taxonomy) -> Path:
    """As `armoire export dataset --format image-text` writes them."""
    folder, rows = tmp_path / "pairs", []
    samples = {sample.name: sample for sample in catalogue()}
    for split, count in (("train", 4), ("val", 2)):
        (folder / split).mkdir(parents=True)
        for name, category in SAID.items():
            for index in range(count):
                seed = [index, len(split)]
                picture, _ = draw_sample(samples[name], taxonomy, np.random.default_rng(seed))
                place = f"{split}/{category}-{index}.jpg"
                small = cv2.resize(picture, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
                cv2.imwrite(str(folder / place), small[..., ::-1])
                rows.append({"image": place, "category": category, "attributes": {"style": ["casual"]}})
    (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_what_people_said_is_learnt_and_all_but_the_last_layer_stays(
    pairs: Path, tmp_path: Path, taxonomy: Taxonomy
) -> None:
    options = ProjectionOptions(
        *(pairs, tmp_path / "run", ROOT / "domain/taxonomy.toml", EMBEDDER), steps=60, learning_rate=3e-2
    )
    path = train_projection(options)
    metrics = json.loads((path.parent / "metrics.json").read_text())
    assert metrics["garments"] == {"train": 12, "val": 6}
    assert metrics["train_category"]["after"] > metrics["train_category"]["before"]
    assert metrics["val_category"][str(metrics["share"])] == max(metrics["val_category"].values())
    assert metrics["share"] > 0
    held = ProjectionOptions(
        *(pairs, tmp_path / "held", ROOT / "domain/taxonomy.toml", EMBEDDER), steps=1, learning_rate=0.0
    )
    before, after = (torch.load(each, weights_only=True) for each in (train_projection(held), path))
    changed = [name for name in before if not torch.equal(before[name], after[name])]
    assert changed == ["visual.head.proj.weight"]


def test_a_folder_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"pairs\.jsonl"):
        read_pairs(tmp_path)
