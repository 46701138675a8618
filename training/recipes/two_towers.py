"""The embedder: a two-tower model that open_clip builds from a config file, and its tokenizer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from export import torchvision_fix

CONFIG_NAME = "armoire-demo"
VOCABULARY_SIZE = 4096
CONTEXT_LENGTH = 24


def config(input_px: int) -> dict[str, Any]:
    """The model's configuration for open_clip; `input_px` is the side of its input."""
    vision = {
        "timm_model_name": "cs3darknet_s",
        "timm_model_pretrained": False,
        "timm_pool": "avg",
        "timm_proj": "linear",
        "image_size": input_px,
    }
    text = {
        "context_length": CONTEXT_LENGTH,
        "vocab_size": VOCABULARY_SIZE,
        "width": 128,
        "heads": 4,
        "layers": 2,
    }
    return {"embed_dim": 192, "vision_cfg": vision, "text_cfg": text}


def write_config(folder: Path, input_px: int) -> Path:
    """Write the configuration to a file that open_clip and the exporter read."""
    path = folder / f"{CONFIG_NAME}.json"
    path.write_text(json.dumps(config(input_px), indent=2) + "\n", encoding="utf-8")
    return path


def build(folder: Path, input_px: int, weights: Path | None = None) -> torch.nn.Module:
    """Build the model, with random weights if no checkpoint is given."""
    torchvision_fix.apply()
    import open_clip

    open_clip.add_model_config(write_config(folder, input_px))
    model = open_clip.create_model(CONFIG_NAME, pretrained=str(weights) if weights else None)
    assert isinstance(model, torch.nn.Module)
    return model


class Tokenizer:
    """CLIP's byte-pair encoding with the first merges only; rarer words become several tokens.

    With N tokens, N - 2 is the start token and N - 1 the end token.
    """

    def __init__(self, folder: Path) -> None:
        torchvision_fix.apply()
        from open_clip.tokenizer import SimpleTokenizer, default_bpe

        lines = gzip.decompress(Path(default_bpe()).read_bytes()).decode().split("\n")
        merges = folder / "merges.txt.gz"
        merges.write_bytes(gzip.compress("\n".join(lines[: VOCABULARY_SIZE - 514 + 1]).encode(), mtime=0))
        self._tokenizer = SimpleTokenizer(str(merges), context_length=CONTEXT_LENGTH)

    def __call__(self, texts: list[str]) -> torch.Tensor:
        """Token ids (N, context) int64."""
        tokens: torch.Tensor = self._tokenizer(texts)
        return tokens


def as_input(pictures: npt.NDArray[np.uint8]) -> torch.Tensor:
    """Pictures (N, S, S, 3) uint8 to input of the image tower: (N, 3, S, S) float32, CLIP's mean and std."""
    from open_clip.constants import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD

    mean, deviation = (torch.tensor(values) for values in (OPENAI_DATASET_MEAN, OPENAI_DATASET_STD))
    pixels = torch.from_numpy(pictures).float().div_(255).sub_(mean).div_(deviation)
    return pixels.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
