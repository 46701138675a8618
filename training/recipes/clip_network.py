"""The open_clip model that is fine-tuned: loaded, partly frozen, and written as open_clip reads it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from domain.errors import InvalidInput
from export import torchvision_fix
from export.clip.network import ClipOptions, load_network
from export.clip.preprocessing import read_preprocessing
from export.clip.text_tower import encode_short, longest, takes_short_texts
from export.errors import Unsupported
from models.artifact import Artifact
from models.manifest import FILE_NAME
from models.preprocessing import ImagePreprocessing
from training.recipes.artifact_weights import load_artifact
from training.recipes.low_rank import add_low_rank
from training.recipes.two_towers import CONFIG_NAME, build, config

Lock = Literal["none", "image", "text"]
CONFIG_FILE, WEIGHTS_FILE = "open_clip_config.json", "open_clip_model.safetensors"


class ClipModelParams(BaseModel):
    """Which model is fine-tuned, and what of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(
        "ViT-B-32", min_length=1, description="an open_clip model, hf-hub:OWNER/NAME or local-dir:FOLDER"
    )
    pretrained: str = Field(
        "",
        description='weights: a tag of open_clip, a file, or the artifact of the demo embedder; "": random '
        "ones, except that hf-hub: and local-dir: bring theirs",
    )
    config: Path | None = Field(None, description="an open_clip model config, NAME.json; null: open_clip's")
    lock: Lock = Field("none", description="the tower that keeps its weights")
    checkpointing: bool = Field(
        False, description="compute activations again in the backward pass: less memory, a third more time"
    )


class LowRankParams(BaseModel):
    """Changes of low rank (LoRA) in place of whole matrices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int = Field(0, ge=0, description="of the changes that are trained; 0: whole matrices are trained")
    alpha: float = Field(16.0, gt=0, description="a change counts alpha / rank times")


@dataclass(frozen=True, slots=True, eq=False)
class ClipStart:
    """A model before its fine-tuning.

    Attributes:
        model_cfg: open_clip's configuration of the network.
        tokenizer: texts to token ids (N, context).
        image: how the pictures become its input.
        keeps_statistics: its normalisations keep the statistics of what it was trained on.
    """

    network: Any
    model_cfg: dict[str, Any]
    tokenizer: Any
    image: ImagePreprocessing
    keeps_statistics: bool


def load_start(params: ClipModelParams) -> ClipStart:
    """Load a model with its weights.

    Raises:
        InvalidInput: open_clip does not know it, its weights cannot be had, or its input is not square.
    """
    weights = Path(params.pretrained) if params.pretrained else None
    if weights is not None and (weights / FILE_NAME).is_file():
        network, model_cfg = _from_artifact(params.name, weights)
        tokenizer = _tokenizer(params.name, network)
    else:
        network, tokenizer, model_cfg = _from_open_clip(params)
    image = read_preprocessing(network)
    if image.height != image.width:
        raise InvalidInput("model.name", f"must have a square input, not {image.height} x {image.width}")
    return ClipStart(network, model_cfg, tokenizer, image, bool(params.pretrained or ":" in params.name))


def prepare(network: Any, model: ClipModelParams, low_rank: LowRankParams) -> None:
    """Freeze what keeps its weights, and add changes of low rank, if such are to be trained.

    The scale of the logits, and their bias where there is one, are trained in any case.

    Raises:
        InvalidInput: nothing is left to be trained, or the network has no checkpointing.
    """
    for name, parameter in network.named_parameters():
        parameter.requires_grad = not is_locked(name, model.lock)
    if low_rank.rank and not add_low_rank(network, low_rank.rank, low_rank.alpha / low_rank.rank):
        raise InvalidInput("low_rank.rank", f"is {low_rank.rank}: no matrix is so large")
    for name in ("logit_scale", "logit_bias"):
        if (parameter := getattr(network, name, None)) is not None:
            parameter.requires_grad = True
    if model.checkpointing:
        try:
            network.set_grad_checkpointing(True)
        except (AttributeError, AssertionError, ValueError) as error:
            raise InvalidInput("model.checkpointing", f"{model.name} has none: {error}"[:200]) from error


def is_locked(name: str, lock: Lock) -> bool:
    """Whether a parameter is of the tower that keeps its weights."""
    if name.startswith("logit_"):
        return False
    return lock == ("image" if name.startswith("visual.") else "text")


def embed_texts(network: Any, tokens: Tensor) -> Tensor:
    """Texts (N, context) as L2-normalised embeddings (N, D); as little padding as may be is computed."""
    if takes_short_texts(network):
        embedded = encode_short(network, tokens[:, : longest(tokens)])
        return torch.nn.functional.normalize(embedded, dim=-1)
    found: Tensor = network.encode_text(tokens, normalize=True)
    return found


def write_model(folder: Path, network: Any, start: ClipStart) -> None:
    """Write a network with its configuration, as `local-dir:FOLDER` of open_clip; whole or not at all."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    image = start.image
    preprocess = {
        "mean": image.mean,
        "std": image.std,
        "interpolation": image.interpolation,
        "resize_mode": image.resize_mode,
    }
    content = {"model_cfg": start.model_cfg, "preprocess_cfg": preprocess}
    (folder / CONFIG_FILE).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    if hasattr(start.tokenizer, "save_pretrained"):
        start.tokenizer.save_pretrained(folder)
    unfinished = folder / f"{WEIGHTS_FILE}.tmp"
    weights = {name: tensor.cpu().contiguous() for name, tensor in network.state_dict().items()}
    save_file(weights, unfinished)
    unfinished.rename(folder / WEIGHTS_FILE)


def weights_sha256(weights: dict[str, Tensor]) -> str:
    """A sha256 over all tensors, in the order of their names."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode())
        digest.update(weights[name].cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def tokens_of(start: ClipStart, texts: Sequence[str]) -> Tensor:
    """Token ids (N, context) int64."""
    found: Tensor = start.tokenizer(list(texts))
    return found


def _from_artifact(name: str, folder: Path) -> tuple[Any, dict[str, Any]]:
    artifact = Artifact.load(folder)
    if name != CONFIG_NAME or artifact.manifest.image is None:
        raise InvalidInput(
            "model.pretrained",
            f"is an artifact; that of an embedder of model.name {CONFIG_NAME!r} can be read",
        )
    side = artifact.manifest.image.width
    with tempfile.TemporaryDirectory() as scratch:
        network = build(Path(scratch), side)
    load_artifact(network, folder)
    return network.eval(), config(side)


def _from_open_clip(params: ClipModelParams) -> tuple[Any, Any, dict[str, Any]]:
    options = ClipOptions(params.name, params.name, params.pretrained or None, params.config)
    try:
        found = load_network(options)
    except (Unsupported, OSError) as error:
        raise InvalidInput("model.name", str(error)[:300]) from error
    import open_clip  # after the fix that load_network applies

    return found.network, found.tokenizer, dict(open_clip.get_model_config(params.name) or {})


def _tokenizer(name: str, network: Any) -> Any:
    torchvision_fix.apply()
    from export.clip.tokenizer import library_tokenizer

    return library_tokenizer(name, int(network.token_embedding.num_embeddings))
