"""How often people agree with the models, in both windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

Z = 1.959964
"""Of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Of how many reviewed items the model says what people say."""

    reviewed: int = 0
    agreed: int = 0

    @property
    def share(self) -> float | None:
        return self.agreed / self.reviewed if self.reviewed else None

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share; 0 to 1 where nothing was reviewed.

        Source: E. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
        """
        n = self.reviewed
        if not n:
            return 0.0, 1.0
        p, scale = self.agreed / n, 1.0 + Z * Z / n
        half = Z * sqrt(p * (1.0 - p) / n + Z * Z / (4.0 * n * n))
        middle = p + Z * Z / (2.0 * n)
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


@dataclass(frozen=True, slots=True)
class AgreementChange:
    """Of an attribute and a version of the embedder, in both windows."""

    attribute: str
    model_version: str
    reference: Agreed
    current: Agreed

    @property
    def difference(self) -> tuple[float, float, float] | None:
        """Current less reference, with its 95 % interval; None where a window has no reviews.

        Source: R. Newcombe, "Interval Estimation for the Difference Between Independent Proportions:
        Comparison of Eleven Methods" (1998), method 10.
        """
        before, now = self.reference.share, self.current.share
        if before is None or now is None:
            return None
        (before_low, before_high), (low, high) = self.reference.interval(), self.current.interval()
        change = now - before
        below = sqrt((now - low) ** 2 + (before_high - before) ** 2)
        above = sqrt((high - now) ** 2 + (before - before_low) ** 2)
        return change, change - below, change + above

    @property
    def worse(self) -> bool:
        """Whether chance does not explain that people agree less often."""
        return self.difference is not None and self.difference[2] < 0.0

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "difference": self.difference, "worse": self.worse}


def agreement_changes(
    reference: dict[tuple[str, str], Agreed], current: dict[tuple[str, str], Agreed]
) -> Sequence[AgreementChange]:
    """By attribute and version, of what either window has."""
    return [
        AgreementChange(
            attribute,
            version,
            reference.get((attribute, version), Agreed()),
            current.get((attribute, version), Agreed()),
        )
        for attribute, version in sorted(reference.keys() | current.keys())
    ]
