"""A model in a lower precision that has yet to be compared with its fp32 reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray
from export import gates
from export.precision.fp16 import write_fp16, write_rounded
from export.precision.int8 import write_int8
from export.precision.unoptimized_session import UnoptimizedSession
from models.artifact import Artifact
from models.session import OnnxSession, Session
from models.text_encoder import TextEncoder
from models.tolerance import Precision

CHANCE = "the fp32 model is hardly better than chance on these photos, so they cannot judge"
ADVICE = {
    "photos": "too few labelled photos",
    "photo_boxes": "too few boxes on the photos to judge by",
    "photo_map50_points": CHANCE,
    "category_top1_over_chance_points": CHANCE,
    "reference_boxes": "fp32 finds too little: give pictures of what it was trained on with --images",
}
WORSE = "it is worse than fp32 by more than it may: keep fp32"
WORSE_INT8 = f"{WORSE}, or take the ranges from pictures of what it was trained on with --images"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Graphs being converted.

    Attributes:
        source: the fp32 reference.
        kept: folder of the graphs that will be stored.
        rounded: folder of fp32 graphs that round as a GPU does; filled for fp16 alone.
    """

    source: Artifact
    precision: Precision
    kept: Path
    rounded: Path

    def write(self, graph: str, inputs: Sequence[npt.NDArray[Any]]) -> None:
        """Convert a graph; int8 takes ranges from the `inputs`, rows without a batch axis."""
        source, name = self.source.graph(graph), f"{graph}.onnx"
        if self.precision == "fp16":
            write_fp16(source, self.kept / name)
            write_rounded(source, self.rounded / name)
        else:
            write_int8(source, self.kept / name, [row[None] for row in inputs])

    def fp32_session(self, graph: str) -> Session:
        return OnnxSession(self.source.graph(graph))

    def sessions(self, graph: str) -> list[Session]:
        """All that must be as good as fp32; the last rounds as the device that the model is meant for."""
        folders = (self.kept, self.rounded) if self.precision == "fp16" else (self.kept,)
        return [OnnxSession(folder / f"{graph}.onnx") for folder in folders]

    def session_elsewhere(self, graph: str) -> Session:
        """Rounds as another machine may."""
        if self.precision == "fp16":
            return OnnxSession(self.rounded / f"{graph}.onnx")
        return UnoptimizedSession(self.kept / f"{graph}.onnx")

    def run(self, graph: str, session: Session, inputs: npt.NDArray[Any]) -> FloatArray:
        """The first output of a graph for `inputs` (N, ...)."""
        if graph == "text":
            return embed_one_by_one(TextEncoder(self.source, session), inputs)
        outputs: FloatArray = session.run(inputs)[0]
        return outputs

    def failed_figure(self, figures: Mapping[str, float]) -> str | None:
        """The first figure that is out of bounds."""
        bounds = self._bounds
        return next((name for name, value in figures.items() if not bounds[name].holds(value)), None)

    def require(self, figures: Mapping[str, float]) -> None:
        """Raises GateFailure for the first figure out of bounds."""
        worse = WORSE_INT8 if self.precision == "int8" else WORSE
        gates.require(self._bounds, figures, dict.fromkeys(figures, worse) | ADVICE)

    @property
    def _bounds(self) -> gates.Bounds:
        return gates.bounds(self.source.manifest.task, self.precision, labelled=True)


def embed_one_by_one(encoder: TextEncoder, tokens: npt.NDArray[np.int64]) -> FloatArray:
    """Embeddings (N, D), each text cut to its own length, as the server runs a single one."""
    return np.concatenate([encoder.run(row[None]) for row in tokens])


def lowest(measured: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """By figure the lowest of all, NaN being lowest: the worst, for figures that are better the higher."""
    return {name: float(np.min([figures[name] for figures in measured])) for name in measured[0]}
