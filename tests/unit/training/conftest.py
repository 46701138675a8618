from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.data.samples import catalogue, draw_sample

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load(ROOT / "domain/taxonomy.toml")


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory, taxonomy: Taxonomy) -> Path:
    """Forty small "photos" of four labels by forty senders, the last four of them for validation."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "images").mkdir()
    samples = {sample.name: sample for sample in catalogue()}
    labels = {
        "Court Polo": "Polo",
        "Red Party Dress": "Dress",
        "Straight Jeans": "Pants",
        "Camel Coat": "Outwear",
    }
    rows = ["image,label,kids,sender,split"]
    for index in range(40):
        name = list(labels)[index % len(labels)]
        picture, _ = draw_sample(samples[name], taxonomy, np.random.default_rng(index))
        small = cv2.resize(picture, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / "images" / f"{index}.jpg"), small[..., ::-1])
        split = "validation" if index >= 36 else "train"
        rows.append(f"{index},{labels[name]},false,{index},{split}")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder
