"""Small networks with weights that stay the same, as graphs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from export.graph import write_graph

SIDE = 16


class Convolutions(torch.nn.Module):
    """uint8 NHWC in, embeddings of length 1 out; `scale` is what its values are multiplied by half-way."""

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()
        self.stem = torch.nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.inner = torch.nn.Conv2d(8, 16, 3, stride=2, padding=1)
        self.last = torch.nn.Conv2d(16, 12, 1)
        self.scale = scale

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        values = torch.relu(self.stem(images.permute(0, 3, 1, 2).float() / 255))
        values = torch.relu(self.inner(values)) * self.scale / self.scale
        return torch.nn.functional.normalize(self.last(values).mean(dim=(2, 3)), dim=-1)


class Attention(torch.nn.Module):
    """Token ids in, embeddings of length 1 out, with everything that a transformer has."""

    def __init__(self) -> None:
        super().__init__()
        self.table = torch.nn.Embedding(50, 32)
        self.norm = torch.nn.LayerNorm(32)
        self.attention = torch.nn.MultiheadAttention(32, 2)
        self.project = torch.nn.Linear(32, 12, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        values = self.norm(self.table(tokens)).permute(1, 0, 2)
        values = values + self.attention(values, values, values, need_weights=False)[0]
        return torch.nn.functional.normalize(self.project(values.permute(1, 0, 2)[:, -1]), dim=-1)


Write = Callable[[torch.nn.Module], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a network that takes (2, SIDE, SIDE, 3) uint8, or (2, SIDE) int64 where it has a table."""

    def written(network: torch.nn.Module) -> Path:
        path = tmp_path / "source.onnx"
        if hasattr(network, "table"):
            write_graph(network, example_tokens(2), path, inputs="tokens", outputs=("embeddings",))
        else:
            write_graph(network, example_images(2), path, inputs="images", outputs=("embeddings",))
        return path

    return written


@pytest.fixture(autouse=True)
def same_weights() -> None:
    torch.manual_seed(0)


def example_images(count: int) -> torch.Tensor:
    return torch.randint(0, 256, (count, SIDE, SIDE, 3), dtype=torch.uint8)


def example_tokens(count: int) -> torch.Tensor:
    return torch.randint(0, 50, (count, SIDE), dtype=torch.int64)


@pytest.fixture
def images() -> torch.Tensor:
    """(12, SIDE, SIDE, 3) uint8."""
    return example_images(12)


@pytest.fixture
def tokens() -> torch.Tensor:
    """(12, SIDE) int64."""
    return example_tokens(12)


@pytest.fixture
def convolutions() -> torch.nn.Module:
    return Convolutions().eval()


@pytest.fixture
def overflowing() -> torch.nn.Module:
    """Right in fp32; half-way its values are beyond what fp16 holds."""
    return Convolutions(scale=1e7).eval()


@pytest.fixture
def attention() -> torch.nn.Module:
    return Attention().eval()
