"""An open_clip model as the library builds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from export import torchvision_fix
from export.errors import Unsupported


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """What to export.

    Attributes:
        pretrained: a tag or a path; without one the weights are random (hf-hub: and local-dir: bring theirs).
        config: an open_clip model config to register under its file name without ".json".
        half_text_weights: store the text tower's large weights as fp16, which halves its file; it computes in
            fp32 as before.
    """

    model: str
    name: str
    pretrained: str | None = None
    config: Path | None = None
    half_text_weights: bool = False
    license: str = "unspecified"
    source: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ClipNetwork:
    """A two-tower network with the library's own preprocessing.

    Attributes:
        transform: a PIL image to its input (3, H, W) float32.
        tokenizer: texts to token ids (N, context).
    """

    network: Any
    transform: Any
    tokenizer: Any


def load_network(options: ClipOptions) -> ClipNetwork:
    """Raises Unsupported where open_clip does not know the model or cannot load it."""
    torchvision_fix.apply()
    import open_clip  # after the fix: it imports torchvision

    from export.clip.tokenizer import library_tokenizer

    if options.config is not None:
        _register(options.config, options.model)
    torch.manual_seed(0)
    try:
        network, _, transform = open_clip.create_model_and_transforms(options.model, options.pretrained)
        tokenizer = library_tokenizer(options.model, _vocabulary_size(network))
    except Exception as error:  # of many kinds, from pickle to the network
        raise Unsupported(f"open_clip cannot load {options.model}: {error}") from error
    return ClipNetwork(network.eval(), transform, tokenizer)


def _register(config: Path, model: str) -> None:
    import open_clip

    keys = json.loads(config.read_text(encoding="utf-8"))
    missing = {"embed_dim", "vision_cfg", "text_cfg"} - set(keys)
    if missing:
        raise Unsupported(f"{config} is no open_clip model config: {', '.join(sorted(missing))} missing")
    if config.stem != model:
        raise Unsupported(f"the model of {config} is called {config.stem!r} (its file name), not {model!r}")
    open_clip.add_model_config(config)


def _vocabulary_size(network: Any) -> int:
    embedding = getattr(getattr(network, "text", network), "token_embedding", None)
    return int(embedding.num_embeddings) if embedding is not None else 2**31
