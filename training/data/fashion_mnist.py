"""Fashion-MNIST: 28 x 28 grey garments, read from the idx files of Debian's package.

Source: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST", MIT licence.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.errors import InvalidInput


def load_fashion_mnist(folder: Path) -> tuple[npt.NDArray[np.uint8], list[str]]:
    """The training split: pictures (60000, 28, 28) uint8, white on black, and the category of each.

    Raises:
        InvalidInput: the files are missing.
    """
    pictures, labels = (_idx(path) for path in _files(folder, "train"))
    return pictures, [_CATEGORIES[label] for label in labels]


def load_classes(folder: Path, split: str) -> tuple[npt.NDArray[np.uint8], list[str]]:
    """The split "train" or "t10k": pictures (N, 28, 28) uint8, white on black, and the name of each class.

    Raises:
        InvalidInput: the files are missing.
    """
    pictures, labels = (_idx(path) for path in _files(folder, split))
    return pictures, [CLASSES[label] for label in labels]


def _files(folder: Path, split: str) -> tuple[Path, Path]:
    names = (f"{split}-images-idx3-ubyte.gz", f"{split}-labels-idx1-ubyte.gz")
    for name in names:
        if not (folder / name).is_file():
            raise InvalidInput("fashion-mnist", f"must hold {name}: {folder}")
    return folder / names[0], folder / names[1]


def _idx(path: Path) -> npt.NDArray[np.uint8]:
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


CLASSES = (
    *("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
"""The ten classes by label."""
_CATEGORIES = (
    "t-shirt",
    "trousers",
    "long sleeve",
    "dress",
    "outerwear",
    "shoes",
    "shirt",
    "shoes",
    "bag",
    "shoes",
)
