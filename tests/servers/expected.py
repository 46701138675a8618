"""What the server's own API answers, for the scripts that ask other clients.

Written by `tests.servers.interop` with the server's client, read by scripts in an environment that lacks it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
MODELS = ("detector", "image_encoder", "text_encoder", "detect", "embed", "embed_text", "analyze")
SECOND = "other-embedder"
"""The name of a second version of the embedder, whose answers are equal."""
AT_START = [*((name, "READY", "") for name in MODELS), (SECOND, "UNAVAILABLE", "unloaded")]
"""The name, state and reason of each line of the index, while it is not loaded."""
COSINE = 0.99999


@dataclass(frozen=True)
class Expected:
    """The folder with the photo, the answers for it, and the golden inputs and outputs of the embedder."""

    folder: Path
    answers: dict[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        with np.load(self.folder / "expected.npz") as arrays:
            object.__setattr__(self, "answers", dict(arrays))

    @property
    def photo(self) -> bytes:
        return (self.folder / "photo.jpg").read_bytes()

    @property
    def text(self) -> str:
        return str(self.answers["text"])

    @property
    def detector_px(self) -> int:
        """The side of the detector's input."""
        return int(self.answers["detector_px"])

    def check_boxes(self, count: Array, boxes: Array, labels: Array) -> None:
        """Of one photo; labels are bytes or strings."""
        found = int(count.ravel()[0])
        names = [
            label.decode() if isinstance(label, bytes) else str(label) for label in labels.ravel()[:found]
        ]
        same("boxes", boxes.reshape(-1, 4)[:found].tolist(), self.answers["boxes"].tolist())
        same("labels", names, self.answers["labels"].tolist())

    def check_embedding(self, name: str, found: Array) -> None:
        """Compare with the answer of this name by the cosine."""
        expected = self.answers[name].reshape(found.shape)
        norms = np.linalg.norm(found, axis=-1) * np.linalg.norm(expected, axis=-1)
        cosine = float(np.min(np.sum(found * expected, axis=-1) / norms))
        if not cosine >= COSINE:
            raise AssertionError(f"{name}: cosine {cosine}, must be at least {COSINE}")


def same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{what}: found {found!r}, expected {expected!r}")


def refused(call: Callable[[], object], kind: type[Exception], told: str) -> None:
    """The call raises, and the text has `told`."""
    try:
        call()
    except kind as error:
        if told not in str(error):
            raise AssertionError(f"{error} does not say {told!r}") from error
        return
    raise AssertionError(f"{told!r} was expected")


def passed(client: str, step: str) -> None:
    sys.stdout.write(f"{client:<24} {step}\n")
    sys.stdout.flush()
