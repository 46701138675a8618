"""The demo embedder on drawings whose colour is their label."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from training.__main__ import main
from training.data.picture_data import PictureData
from training.evaluation.embedder_benchmark import Benchmark, benchmark_embedder

EMBEDDER = Path(__file__).parents[4] / "artifacts/demo-embedder"
COLORS = {"red dress": (200, 20, 20), "blue dress": (20, 20, 200)}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for split, count in (("train", 8), ("test", 4)):
        for label, color in COLORS.items():
            (folder / split / label).mkdir(parents=True)
            for number in range(count):
                picture = np.clip(rng.normal(color, 25, (48, 32, 3)), 0, 255).astype(np.uint8)
                path = folder / split / label / f"{number}.png"
                cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return folder


def test_pictures_of_a_label_lie_together_and_near_its_words(pictures: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = [
        "evaluate-embedder",
        "--artifact",
        str(EMBEDDER),
        "--pictures",
        str(pictures),
        "--out",
        str(out),
    ]
    assert main(command) == 0
    found = json.loads(out.read_text())
    assert (found["gallery"], found["queries"], found["labels"]) == (14, 8, 2)
    assert found["model"].startswith("demo-embedder-")
    assert found["most frequent label"] == 0.5
    assert found["figures"]["zero-shot top-1"]["value"] == 1
    assert found["figures"]["recall@1"]["value"] == 1
    assert found["figures"]["precision@10"]["value"] < 1  # there are seven of each label


def test_a_limit_leaves_some_of_them(pictures: Path) -> None:
    benchmark = Benchmark.of_pictures(PictureData(path=pictures, test_split="test"), limit=3)
    assert (len(benchmark.gallery), len(benchmark.queries)) == (6, 3)
    with pytest.raises(InvalidInput, match="must have 10 pictures for training"):
        benchmark_embedder(EMBEDDER, benchmark)


def test_fashion_mnist_has_ten_classes_on_white(tmp_path: Path) -> None:
    for split, count in (("train", 20), ("t10k", 10)):
        grey = np.zeros((count, 28, 28), np.uint8)
        header = struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28)
        (tmp_path / f"{split}-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + grey.tobytes()))
        labels = struct.pack(">4BI", 0, 0, 8, 1, count) + bytes(n % 10 for n in range(count))
        (tmp_path / f"{split}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    benchmark = Benchmark.of_fashion_mnist(tmp_path, 0)
    assert (len(benchmark.gallery), len(benchmark.queries)) == (20, 10)
    picture, label = benchmark.queries[9]
    assert label == "ankle boot"
    assert isinstance(picture, np.ndarray)
    assert (picture.shape, picture.min()) == ((28, 28, 3), 255)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(InvalidInput, match=r"must hold t10k-labels-idx1-ubyte.gz"):
        Benchmark.of_fashion_mnist(tmp_path, 0)
