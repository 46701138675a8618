"""The embedder: a two-tower model that open_clip builds from a config file, and its tokenizer."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from export import torchvision_fix
from training.data.pretrained import LITE0

CONFIG_NAME = "armoire-demo"
VOCABULARY_SIZE = 4096
CONTEXT_LENGTH = 24
FROZEN = ("conv_stem", "bn1", "blocks.0", "blocks.1", "blocks.2")
"""The layers of a pretrained trunk up to stride 8, which keep their weights: edges and textures."""


def config(input_px: int) -> dict[str, Any]:
    """The model's configuration for open_clip; `input_px` is the side of its input."""
    vision = {
        "timm_model_name": LITE0.network,
        "timm_model_pretrained": False,
        "timm_pool": "avg",
        "timm_proj": "linear",
        "image_size": input_px,
    }
    text = {
        "context_length": CONTEXT_LENGTH,
        "vocab_size": VOCABULARY_SIZE,
        "width": 256,
        "heads": 4,
        "layers": 3,
    }
    return {"embed_dim": 512, "vision_cfg": vision, "text_cfg": text}


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


@torch.no_grad()
def load_trunk(trunk: Any, weights: Mapping[str, torch.Tensor]) -> None:
    """Load Lite0's weights without its classifier, and freeze its first layers.

    The first convolution and the statistics after it are changed so that the network takes pictures with
    CLIP's mean and deviation in place of its own, (x - 127) / 128.
    """
    own = trunk.state_dict()
    trunk.load_state_dict({name: weights.get(name, tensor) for name, tensor in own.items()})
    mean, deviation = _normalization()
    scale, shift = deviation * (255 / 128), (mean * 255 - 127) / 128
    first = trunk.conv_stem.weight
    trunk.bn1.running_mean.sub_((first.sum(dim=(2, 3)) * shift).sum(dim=1))
    first.mul_(scale.view(1, 3, 1, 1))
    for name, parameter in trunk.named_parameters():
        parameter.requires_grad = not name.startswith(FROZEN)


def keep_frozen_statistics(trunk: Any, all_layers: bool = False) -> None:
    """Frozen layers, or all, also keep the means and deviations of their batches; call after `train()`."""
    for name, module in trunk.named_modules():
        if (all_layers or name.startswith(FROZEN)) and isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


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
    mean, deviation = _normalization()
    pixels = torch.from_numpy(pictures).float().div_(255).sub_(mean).div_(deviation)
    return pixels.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


def _normalization() -> tuple[torch.Tensor, torch.Tensor]:
    """The mean and the deviation (3,) of open_clip's models, of pixels from 0 to 1."""
    from open_clip.constants import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD

    return torch.tensor(OPENAI_DATASET_MEAN), torch.tensor(OPENAI_DATASET_STD)
