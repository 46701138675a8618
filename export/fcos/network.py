"""FCOS of torchvision on a backbone of timm, and the file that training writes.

Source: Tian, Shen, Chen, He 2019, "FCOS: Fully Convolutional One-Stage Object Detection".
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from export import torchvision_fix
from export.errors import Unsupported

STRIDES = (16, 32)
"""Of the two feature maps: garments are large, and a finer map would cost more than the rest of the head."""
NMS_IOU = 0.6
MIN_SCORE = 0.01
MAX_ROWS = 300


@dataclass(frozen=True, slots=True)
class FcosConfig:
    """What a checkpoint says of its network.

    Attributes:
        labels: by class id.
        input_px: the side of the square input, a multiple of 32.
        backbone: a network of timm.
        channels: of the feature pyramid and of the head, a multiple of 32.
        convolutions: before each output of the head.
        mean, std: of the backbone's input, in shares of 255.
    """

    labels: tuple[str, ...]
    input_px: int
    backbone: str = "efficientnet_lite0"
    channels: int = 96
    convolutions: int = 2
    mean: tuple[float, float, float] = (127 / 255,) * 3
    std: tuple[float, float, float] = (128 / 255,) * 3


class Backbone(torch.nn.Module):
    """A feature pyramid on the maps of stride 16 and 32 of a network of timm."""

    def __init__(self, config: FcosConfig) -> None:
        super().__init__()
        import timm
        from torchvision.ops import FeaturePyramidNetwork

        self.body: Any = timm.create_model(
            config.backbone, pretrained=False, features_only=True, out_indices=(3, 4)
        )
        self.pyramid: Any = FeaturePyramidNetwork(self.body.feature_info.channels(), config.channels)
        self.out_channels = config.channels

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Pictures (N, 3, S, S), normalised, to maps (N, C, S / 16, S / 16) and (N, C, S / 32, S / 32)."""
        maps = self.body(pictures.contiguous(memory_format=torch.channels_last))
        found: dict[str, Tensor] = self.pyramid(dict(zip(("fine", "coarse"), maps, strict=True)))
        return found


def build(config: FcosConfig) -> Any:
    """The `torchvision.models.detection.FCOS` of a configuration, with random weights."""
    torchvision_fix.apply()
    from torchvision.models.detection.anchor_utils import AnchorGenerator
    from torchvision.models.detection.fcos import FCOS, FCOSHead

    backbone = Backbone(config)
    anchors = AnchorGenerator(tuple((stride,) for stride in STRIDES), ((1.0,),) * len(STRIDES))
    head = FCOSHead(config.channels, 1, len(config.labels), config.convolutions)
    # torchvision's ReLU gives no gradient to a side whose distance is 0 everywhere, which then stays so.
    head.regression_head.bbox_reg = torch.nn.Sequential(head.regression_head.bbox_reg, torch.nn.Softplus())
    return FCOS(
        backbone,
        len(config.labels),
        min_size=config.input_px,
        max_size=config.input_px,
        image_mean=list(config.mean),
        image_std=list(config.std),
        anchor_generator=anchors,
        head=head,
        score_thresh=MIN_SCORE,
        nms_thresh=NMS_IOU,
        detections_per_img=MAX_ROWS,
        topk_candidates=MAX_ROWS,
    )


def save(path: Path, config: FcosConfig, weights: Mapping[str, Tensor]) -> None:
    """Write a checkpoint."""
    torch.save({"config": asdict(config), "weights": dict(weights)}, path)


def load(path: Path) -> tuple[FcosConfig, Any]:
    """The configuration of a checkpoint and its network, for inference.

    Raises:
        Unsupported: the file does not exist, or is none that `save` wrote.
    """
    if not path.is_file():
        raise Unsupported(f"{path} does not exist")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        config = FcosConfig(**content["config"])
        network = build(config)
        network.load_state_dict(content["weights"])
    except (pickle.UnpicklingError, RuntimeError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0][:100]
        raise Unsupported(f"{path} is no checkpoint of `python -m training`: {reason}") from error
    return config, network.eval()
