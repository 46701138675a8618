"""The names of a classifier's classes."""

from __future__ import annotations

import json
from pathlib import Path

from export import torchvision_fix
from export.errors import Unsupported


def choose_labels(file: Path | None, own: tuple[str, ...], classes: int) -> tuple[tuple[str, ...], str]:
    """The labels in the order of the network's outputs, and where they are from.

    They are those of the file, else the checkpoint's own, else ImageNet's where the number of classes is that
    of one of its editions.

    Raises:
        Unsupported: there are none, or not as many as there are classes.
    """
    if file is not None:
        labels, source = read_labels(file), f"--labels {file}"
    elif own:
        labels, source = own, "the checkpoint"
    else:
        labels, source = _imagenet(classes), "ImageNet, by the number of classes"
    if len(labels) != classes:
        raise Unsupported(f"{source} has {len(labels)} labels, the network {classes} classes")
    return labels, source


def read_labels(file: Path) -> tuple[str, ...]:
    """The labels in a file: one a line or, in JSON, a list or an object from index to label.

    Raises:
        Unsupported: the file cannot be read, or a label is empty.
    """
    try:
        text = file.read_text(encoding="utf-8")
        labels = _from_json(json.loads(text)) if file.suffix == ".json" else text.splitlines()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unsupported(
            f"--labels {file} cannot be read; it has one label a line or, as JSON, a list or an object whose "
            f"keys are 0, 1, 2 and so on: {error}"
        ) from error
    labels = [str(label).strip() for label in labels]
    if "" in labels:
        raise Unsupported(f"--labels {file}: label {labels.index('')} is empty")
    return tuple(labels)


def _from_json(document: object) -> list[str]:
    if isinstance(document, dict):
        return [document[str(index)] for index in range(len(document))]
    if not isinstance(document, list):
        raise TypeError("it is neither a list nor an object")
    return document


def _imagenet(classes: int) -> tuple[str, ...]:
    torchvision_fix.apply()
    from timm.data import ImageNetInfo, infer_imagenet_subset

    subset = infer_imagenet_subset({"num_classes": classes})
    if subset is None:
        raise Unsupported(f"the checkpoint has no names for its {classes} classes: give a file with --labels")
    return tuple(ImageNetInfo(subset).label_descriptions())
