"""Outputs of a network's frozen layers, kept in memory: what comes before them is computed once a view.

On a CPU that is most of the time of an epoch. The price is that the views of a picture repeat.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from domain.errors import InvalidInput

_PARTS = ("conv_stem", "bn1", "blocks")
"""The layers of timm's EfficientNets and MobileNets, in their order, before their heads."""


def frozen_part(network: Any, stride: int) -> nn.Module:
    """The layers up to the end of the stage with this stride.

    Raises:
        InvalidInput: the network is none of timm's EfficientNets and MobileNets, or nothing is frozen.
    """
    stages = _frozen_stages(network, stride)
    return nn.Sequential(network.conv_stem, network.bn1, *network.blocks[:stages])


def trained_part(network: Any, stride: int) -> Any:
    """The network without those layers: it shares the others with it, and takes their output as its input."""
    stages = _frozen_stages(network, stride)
    rest = copy.copy(network)
    rest._modules = dict(network._modules)
    rest.conv_stem, rest.bn1 = nn.Identity(), nn.Identity()
    rest.blocks = nn.Sequential(*network.blocks[stages:])
    return rest


def stored(maps: Tensor) -> Tensor:
    """Maps as they are kept: in 16 bits, in main memory."""
    return maps.to(torch.bfloat16).cpu()


def _frozen_stages(network: Any, stride: int) -> int:
    """How many of the network's blocks are frozen."""
    if not all(hasattr(network, name) for name in _PARTS):
        raise InvalidInput("network.kept_views", "must be 0, except for timm's EfficientNets and MobileNets")
    modules = {each["reduction"]: each["module"] for each in network.feature_info}
    name = modules.get(stride, "")
    if not name.startswith("blocks."):
        raise InvalidInput("network.kept_views", "must be 0 where frozen_stride is no stride of its blocks")
    return int(name.split(".")[1]) + 1
