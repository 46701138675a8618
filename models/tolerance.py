"""How far the answers of one machine may be from those of another, by precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from pydantic import ConfigDict

Precision: TypeAlias = Literal["fp32", "fp16", "int8"]
"""What a graph computes in; inputs and outputs are the same whatever it is."""

BOX_TOLERANCE_PX = 0.5
SCORE_TOLERANCE = 1e-3
MASK_IOU_TOLERANCE = 0.98
"""Least intersection over union of all golden masks with those at export."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a machine may be from the golden outputs of the one that made the model.

    Attributes:
        cosine: least cosine of an embedding with the golden one.
        box_px: largest difference of a box corner, in pixels of the input.
        score: largest difference of a score or class probability.
        min_score: boxes below it are not compared.
        unmatched: largest share of the compared boxes that may have no partner.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    cosine: float = 0.999
    box_px: float = BOX_TOLERANCE_PX
    score: float = SCORE_TOLERANCE
    min_score: float = 0.01
    unmatched: float = 0.01

    def within(self, other: Tolerance) -> bool:
        """Whether it is no wider than `other` in anything."""
        return (
            self.cosine >= other.cosine
            and self.box_px <= other.box_px
            and self.score <= other.score
            and self.min_score <= other.min_score
            and self.unmatched <= other.unmatched
        )


def tolerance(precision: Precision) -> Tolerance:
    """The tolerance of models of a precision.

    CPUs add up in different orders; where values are rounded to few steps, some land on the next step.
    """
    if precision == "fp16":
        return Tolerance(cosine=0.999, box_px=2.0, score=0.02, min_score=0.05, unmatched=0.02)
    if precision == "int8":
        return Tolerance(cosine=0.995, box_px=8.0, score=0.1, min_score=0.15, unmatched=0.1)
    return Tolerance()
