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
    names = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    for name in names:
        if not (folder / name).is_file():
            raise InvalidInput("fashion-mnist", f"must hold {name}: {folder}")
    pictures, labels = (_idx(folder / name) for name in names)
    return pictures, [_CATEGORIES[label] for label in labels]


def _idx(path: Path) -> npt.NDArray[np.uint8]:
    content = gzip.decompress(path.read_bytes())
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


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
