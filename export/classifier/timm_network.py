"""A classification network of timm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from export import torchvision_fix
from export.classifier.network import ClassifierNetwork, first_line, triple, unknown_model
from export.classifier.options import ClassifierOptions
from export.errors import Unsupported
from models.preprocessing import UNUSED_FILL, ImagePreprocessing, ResizeMode

MODES: Mapping[str, ResizeMode] = {"center": "shortest", "squash": "squash", "border": "longest"}


def load_timm(options: ClassifierOptions) -> ClassifierNetwork:
    """Load a network of timm with its pretrained weights, or with those of a file.

    Raises:
        Unsupported: timm does not know the model or cannot load it, or it is prepared for in an unknown way.
    """
    torchvision_fix.apply()
    import timm  # after the fix: it imports torchvision

    plain = options.model.partition(".")[0]
    if ":" not in options.model and not timm.is_model(plain):
        raise unknown_model("timm", options.model, timm.list_models())
    try:
        network = _pretrained(options) if options.weights is None else _from_file(options, options.weights)
    except Unsupported:
        raise
    except Exception as error:  # of many kinds, from the network to the file
        raise Unsupported(f"timm cannot load {options.model}: {first_line(error)}") from error
    if network.num_classes < 1:
        raise Unsupported(f"{options.model} is no image classifier: it has no classes, only features")
    config = timm.data.resolve_data_config(_input(options.size), model=network)
    transform = timm.data.create_transform(**config, is_training=False)
    stated = network.pretrained_cfg.get("license") if options.weights is None else None
    return ClassifierNetwork(
        network=network.eval(),
        transform=transform,
        image=read_timm_preprocessing(config),
        labels=_labels(network.pretrained_cfg),
        license=stated or "unspecified",
        source=f"timm {_checkpoint_name(options, network)}",
    )


def _pretrained(options: ClassifierOptions) -> Any:
    import timm
    from timm.models import resolve_model_input_args

    arguments = resolve_model_input_args(options.model, _input(options.size))
    if options.size is None or "img_size" not in arguments:
        return timm.create_model(options.model, pretrained=True, exportable=True)
    return timm.create_model(options.model, pretrained=True, exportable=True, img_size=arguments["img_size"])


def _from_file(options: ClassifierOptions, weights: str) -> Any:
    """The network with as many classes as the file has."""
    import timm
    from timm.models import load_checkpoint, load_state_dict

    if not Path(weights).is_file():
        raise Unsupported(f"--weights {weights} is no file; timm's own weights need no --weights")
    network = timm.create_model(options.model, pretrained=False, exportable=True)
    head = network.pretrained_cfg.get("classifier")
    head_weights = load_state_dict(weights).get(f"{head}.weight") if isinstance(head, str) else None
    if head_weights is not None and len(head_weights) != network.num_classes:
        network.reset_classifier(len(head_weights))
    load_checkpoint(network, weights)
    return network


def _input(size: tuple[int, int] | None) -> dict[str, Any]:
    return {} if size is None else {"input_size": (3, *size)}


def _labels(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in the checkpoint's own config, described where it describes them."""
    names: Sequence[str] = config.get("label_names") or ()
    described: Mapping[str, str] = config.get("label_descriptions") or {}
    return tuple(described.get(name, name) for name in names)


def _checkpoint_name(options: ClassifierOptions, network: Any) -> str:
    config = network.pretrained_cfg
    if options.weights is not None:
        return f"{options.model} {Path(options.weights).name}"
    source, _, folder = options.model.partition(":")
    if source == "local-dir":
        return f"{config['architecture']} {Path(folder).name}"
    return str(config.get("hf_hub_id") or options.model)


def read_timm_preprocessing(config: Mapping[str, Any]) -> ImagePreprocessing:
    """What timm does to a picture that it tests a network with.

    Source: `timm.data.transforms_factory.transforms_imagenet_eval`.

    Raises:
        Unsupported: it resizes in a way that is not known here.
    """
    channels, height, width = config["input_size"]
    mode, interpolation = MODES.get(config["crop_mode"]), config["interpolation"]
    if channels != 3:
        raise Unsupported(f"its input has {channels} channels; only pictures with 3 can be classified")
    if mode is None or interpolation not in ("bilinear", "bicubic"):
        raise Unsupported(
            f"its preprocessing resizes by {interpolation!r} with crop mode {config['crop_mode']!r}; only "
            f"bilinear and bicubic with {', '.join(MODES)} can be exported"
        )
    resize_size = tuple(math.floor(side / config["crop_pct"]) for side in (height, width))
    if mode == "longest" and resize_size != (height, width):
        raise Unsupported("its preprocessing cuts pictures with borders (a crop_pct below 1)")
    return ImagePreprocessing(
        height=height,
        width=width,
        resize_mode=mode,
        interpolation=interpolation,
        mean=triple(config["mean"]),
        std=triple(config["std"]),
        fill=_fill(config["mean"]) if mode == "longest" else UNUSED_FILL,
        resize_size=None if resize_size == (height, width) else (resize_size[0], resize_size[1]),
    )


def _fill(mean: Sequence[float]) -> int:
    fills = {round(255 * value) for value in mean}
    if len(fills) > 1:
        raise Unsupported("its preprocessing fills borders with a colour; only grey can be exported")
    return fills.pop()
