"""A trained network as a folder that timm loads by `local-dir:FOLDER`: config.json and model.safetensors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.recipes.backbone import Backbone, NetworkParams


def write_timm_folder(
    folder: Path, network: Any, params: NetworkParams, labels: Sequence[str], backbone: Backbone
) -> None:
    """Write the weights, and a config with the labels and how a picture is prepared.

    Source: timm's `save_config_for_hf`.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {key: tensor.contiguous().cpu() for key, tensor in network.state_dict().items()}
    save_file(tensors, str(folder / "model.safetensors"))
    head = network.pretrained_cfg
    config = {
        "architecture": params.backbone.partition(".")[0],
        "num_classes": len(labels),
        "num_features": network.num_features,
        "label_names": list(labels),
        "pretrained_cfg": {
            "license": backbone.license,
            "input_size": [3, params.input_px, params.input_px],
            "crop_pct": 1.0,
            "crop_mode": {"squash": "squash", "pad": "border"}[params.fit],
            "interpolation": "bilinear",
            "mean": list(backbone.mean),
            "std": list(backbone.std),
            "num_classes": len(labels),
            "first_conv": head["first_conv"],
            "classifier": head["classifier"],
        },
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
