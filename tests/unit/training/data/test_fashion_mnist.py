from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from training.data.fashion_mnist import load_fashion_mnist


def test_idx_files_are_read(tmp_path: Path) -> None:
    pictures = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
    header = struct.pack(">4B3I", 0, 0, 8, 3, 3, 28, 28)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(header + pictures.tobytes()))
    labels = struct.pack(">4BI", 0, 0, 8, 1, 3) + bytes([8, 1, 9])
    (tmp_path / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    read, categories = load_fashion_mnist(tmp_path)
    assert np.array_equal(read, pictures)
    assert categories == ["bag", "trousers", "shoes"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="train-images"):
        load_fashion_mnist(tmp_path)
