"""A transformer over the items of a set, and the folder that training writes.

Source: Sarkar et al. 2022, "OutfitTransformer: Outfit Representations for Fashion Recommendation": a token
for the outfit beside those of its items, and one for the item that is asked for.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from pydantic import ConfigDict, TypeAdapter, ValidationError
from torch import Tensor, nn
from torch.nn import functional

from domain.types import FloatArray
from export.errors import Unsupported
from models.preprocessing import ImagePreprocessing

NETWORK, WEIGHTS, SETS = "network.json", "weights.safetensors", "sets.npy"
_FAR = -1e4
"""Added to attention on what is no item."""


@dataclass(frozen=True, slots=True)
class OutfitConfig:
    """What a network is.

    Attributes:
        embedding_width: D, of the items' embeddings.
        slots: K, one input for each.
        max_items: S, the most items of a set.
        width: of the tokens, a multiple of `heads`.
        depth: blocks.
        embedder: the version of the model whose embeddings it takes.
        image: how that model's pictures are prepared.
        license: of the weights, `source` what they were made of.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    embedding_width: int
    slots: tuple[str, ...]
    max_items: int
    width: int
    depth: int
    heads: int
    embedder: str
    image: ImagePreprocessing
    license: str = "unspecified"
    source: str = ""


class OutfitNetwork(nn.Module):
    """Sets (N, S, D + K) float32 to (N, 1 + D): a logit, and the embedding of what is asked for.

    A row of a set is an item's embedding and a one of its slot; without an embedding it asks for an item of
    that slot; without both it is no item. There are no positions, so the order of the items does not count.
    """

    def __init__(self, config: OutfitConfig, dropout: float = 0.0) -> None:
        super().__init__()
        self.config = config
        width, slots = config.width, len(config.slots)
        self.outfit_token = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.embed = nn.Linear(config.embedding_width, width, bias=False)
        self.slot = nn.Linear(slots, width)
        self.asked = nn.Parameter(0.02 * torch.randn(1, 1, width))
        self.blocks = nn.ModuleList(_Block(width, config.heads, dropout) for _ in range(config.depth))
        self.norm = nn.LayerNorm(width)
        self.score = nn.Linear(width, 1)
        self.missing = nn.Linear(width, config.embedding_width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, sets: Tensor) -> Tensor:
        width = self.config.embedding_width
        embeddings, slots = sets[:, :, :width], sets[:, :, width:]
        there = slots.sum(dim=2, keepdim=True)
        shown = embeddings.abs().sum(dim=2, keepdim=True).gt(0).to(sets.dtype)
        asked = there * (1 - shown)
        # so that the components of an embedding, which has length 1, are about as large as the ones of slots
        scaled = embeddings * width**0.5
        items = self.dropout(self.embed(scaled)) + self.slot(slots) + asked * self.asked
        tokens = torch.cat([self.outfit_token + 0 * items[:, :1], items], dim=1)
        bias = _FAR * (1 - torch.cat([torch.ones_like(there[:, :1]), there], dim=1)).squeeze(2)
        for block in self.blocks:
            tokens = block(tokens, bias[:, None, None, :])
        tokens = self.norm(tokens)
        outfit, found = tokens[:, 0], (tokens[:, 1:] * asked).sum(dim=1)
        return torch.cat([self.score(outfit), functional.normalize(self.missing(found), dim=1)], dim=1)


class _Block(nn.Module):
    """Self-attention and a perceptron, each behind a normalisation and beside a shortcut."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.keys, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor, bias: Tensor) -> Tensor:
        tokens = tokens + self.dropout(self._attend(self.before(tokens), bias))
        found = self.narrow(functional.gelu(self.wide(self.between(tokens))))
        result: Tensor = tokens + self.dropout(found)
        return result

    def _attend(self, tokens: Tensor, bias: Tensor) -> Tensor:
        count, width = tokens.shape[1], tokens.shape[2]
        parts = self.keys(tokens).view(-1, count, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = parts[0], parts[1], parts[2]
        weights = (query @ key.transpose(2, 3) * (width // self.heads) ** -0.5 + bias).softmax(dim=3)
        found: Tensor = self.out((weights @ value).transpose(1, 2).reshape(-1, count, width))
        return found


def write_outfit_folder(folder: Path, network: Any, sets: FloatArray) -> None:
    """Write what the export takes; `sets` (N, S, D + K) are outfits that the gate measures on."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.contiguous().cpu() for name, tensor in network.state_dict().items()}
    save_file(tensors, str(folder / WEIGHTS))
    np.save(folder / SETS, sets)
    (folder / NETWORK).write_text(json.dumps(asdict(network.config), indent=2) + "\n", encoding="utf-8")


def read_outfit_folder(folder: Path) -> tuple[OutfitNetwork, FloatArray]:
    """The network, in evaluation mode, and the sets. Raises Unsupported where they cannot be read."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        config = TypeAdapter(OutfitConfig).validate_json((folder / NETWORK).read_bytes())
        network = OutfitNetwork(config)
        network.load_state_dict(load_file(str(folder / WEIGHTS)))
        sets: FloatArray = np.load(folder / SETS, allow_pickle=False)
    except (OSError, ValueError, RuntimeError, ValidationError, SafetensorError) as error:
        reason = str(error).splitlines()[0][:200]
        raise Unsupported(f"{folder} cannot be read as a scorer of outfits: {reason}") from error
    return network.eval(), sets
