"""A classification network of torchvision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from export import torchvision_fix
from export.classifier.network import ClassifierNetwork, first_line, triple, unknown_model
from export.classifier.options import ClassifierOptions
from export.errors import Unsupported
from models.preprocessing import ImagePreprocessing


def load_torchvision(options: ClassifierOptions) -> ClassifierNetwork:
    """Load a network of torchvision with published weights, or with those of a file.

    A file says nothing about its preprocessing, so it is that of the model's default weights.

    Raises:
        Unsupported: torchvision has no such classifier or weights, or cannot load them.
    """
    torchvision_fix.apply()
    import torchvision

    names = torchvision.models.list_models(module=torchvision.models)
    if options.model not in names:
        raise unknown_model("torchvision", options.model, names)
    file = Path(options.weights) if options.weights and Path(options.weights).is_file() else None
    published = _published(options, None if file else options.weights)
    try:
        network = (
            torchvision.models.get_model(options.model, weights=published)
            if file is None
            else _from_file(options.model, file)
        )
    except Exception as error:  # of many kinds, from the network to the file
        raise Unsupported(f"torchvision cannot load {options.model}: {first_line(error)}") from error
    transform = _transform(published, options.size)
    return ClassifierNetwork(
        network=network.eval(),
        transform=transform,
        image=_read_preprocessing(transform),
        labels=() if file else tuple(published.meta.get("categories", ())),
        license="unspecified",
        source=f"torchvision {options.model} {file.name if file else published.name}",
    )


def _published(options: ClassifierOptions, name: str | None) -> Any:
    """The published weights of that name; the default ones where it is None."""
    import torchvision

    every = torchvision.models.get_model_weights(options.model)
    if name is None:
        return every.DEFAULT
    if name not in every.__members__:
        raise Unsupported(
            f"--weights {name} is neither a file nor weights of torchvision's {options.model} "
            f"({', '.join(every.__members__)})"
        )
    return every[name]


def _from_file(model: str, file: Path) -> Any:
    """The network with as many classes as the file has."""
    import torchvision
    from timm.models import load_state_dict

    state: Mapping[str, Any] = load_state_dict(str(file))
    biases = [values for name, values in state.items() if name.endswith(".bias")]
    network = torchvision.models.get_model(model, weights=None, num_classes=len(biases[-1]) if biases else 2)
    network.load_state_dict(state)
    return network


def _transform(published: Any, size: tuple[int, int] | None) -> Any:
    from torchvision.transforms._presets import ImageClassification

    transform = published.transforms()
    if not isinstance(transform, ImageClassification):
        raise Unsupported(f"its preprocessing is {type(transform).__name__}, which cannot be exported")
    if size is not None:
        if size[0] != size[1]:
            raise Unsupported("--imgsz takes one side with torchvision, whose classifiers have square inputs")
        share = size[0] / transform.crop_size[0]
        transform.resize_size, transform.crop_size = [round(transform.resize_size[0] * share)], [size[0]]
    return transform


def _read_preprocessing(transform: Any) -> ImagePreprocessing:
    """Source: `torchvision.transforms._presets.ImageClassification`."""
    (side,), (resize_side,) = transform.crop_size, transform.resize_size
    interpolation = transform.interpolation.value
    if interpolation not in ("bilinear", "bicubic"):
        raise Unsupported(
            f"its preprocessing resizes by {interpolation!r}; only bilinear and bicubic can be exported"
        )
    return ImagePreprocessing(
        height=side,
        width=side,
        resize_mode="shortest",
        interpolation=interpolation,
        mean=triple(transform.mean),
        std=triple(transform.std),
        resize_size=None if resize_side == side else (resize_side, resize_side),
    )
