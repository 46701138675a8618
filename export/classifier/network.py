"""A classification network as its library builds it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from export.errors import Unsupported
from models.preprocessing import ImagePreprocessing


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierNetwork:
    """A network with its library's own preprocessing.

    Attributes:
        network: normalised pictures (N, 3, H, W) to logits (N, classes).
        transform: a PIL image to its input (3, H, W) float32, normalised.
        image: what `transform` does.
        labels: the names that come with the checkpoint; empty where none do.
        license: of the weights, "unspecified" where the checkpoint does not state it.
        source: the checkpoint's name in its library.
    """

    network: Any
    transform: Callable[[Any], torch.Tensor]
    image: ImagePreprocessing
    labels: tuple[str, ...]
    license: str
    source: str

    def class_count(self) -> int:
        """The number of classes, found by running the network.

        Raises:
            Unsupported: it takes no pictures of this size, or its output is not one logit for each class.
        """
        blank = torch.zeros(2, 3, self.image.height, self.image.width)
        try:
            with torch.no_grad():
                logits = self.network(blank)
        except Exception as error:  # whatever the network raises
            raise Unsupported(
                f"{self.source} does not take pictures of {self.image.height}x{self.image.width}: "
                f"{first_line(error)}"
            ) from error
        if not isinstance(logits, torch.Tensor) or logits.ndim != 2 or logits.shape[1] < 2:
            raise Unsupported(
                f"{self.source} is no image classifier: its output is {_described(logits)}, "
                "not one logit for each of two or more classes"
            )
        return int(logits.shape[1])


def unknown_model(library: str, model: str, names: Iterable[str]) -> Unsupported:
    """The error for a name that a library does not have, with the names that come closest."""
    close = difflib.get_close_matches(model, list(names), n=3)
    hint = f"; close are {', '.join(close)}" if close else ""
    return Unsupported(f"{library} has no image classifier {model!r}{hint}")


def first_line(error: Exception) -> str:
    """What an error of a library says, without the pages that some add."""
    text = " ".join(str(error).split())
    return text if len(text) <= 300 else f"{text[:300]}..."


def triple(values: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = values
    return float(red), float(green), float(blue)


def _described(output: Any) -> str:
    return f"of shape {tuple(output.shape)}" if isinstance(output, torch.Tensor) else type(output).__name__
