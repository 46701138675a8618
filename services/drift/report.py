"""A drift report as a value and as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from services.drift.agreement import AgreementChange
from services.drift.comparison import Comparison, Limits, NotCompared, Outcome
from services.drift.sample import Sample, Words
from services.drift.window import Window

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class DriftReport:
    """What has changed between two windows of a tenant; `agreements` is None where it was not asked for."""

    tenant: str
    create_time: datetime
    reference: Window
    current: Window
    outcome: Outcome
    limits: Limits
    agreements: Sequence[AgreementChange] | None = None

    @property
    def alarm(self) -> bool:
        return self.outcome.alarm

    def document(self) -> dict[str, Any]:
        """The report in values of JSON; times are ISO 8601."""
        return {
            "tenant": self.tenant,
            "create_time": self.create_time.isoformat(),
            "reference": self.reference.document(),
            "current": self.current.document(),
            "alarm": self.alarm,
            "level": self.limits.level,
            "comparisons": [_comparison(each) for each in self.outcome.comparisons],
            "not_compared": [_not_compared(each) for each in self.outcome.not_compared],
            "agreements": None if self.agreements is None else [each.document() for each in self.agreements],
        }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    reference, current = comparison.reference, comparison.current
    return {
        **asdict(comparison.source),
        "alarm": comparison.alarm,
        "reference": _summary(reference),
        "current": _summary(current),
        "findings": [asdict(finding) for finding in comparison.findings],
        "labels": [asdict(each) for each in share_changes(reference.labels, current.labels)],
        "colors": [asdict(each) for each in share_changes(reference.colors, current.colors)],
    }


def _not_compared(each: NotCompared) -> dict[str, Any]:
    return {
        **asdict(each.source),
        "reference_units": each.reference_units,
        "current_units": each.current_units,
    }


def _summary(sample: Sample) -> dict[str, Any]:
    return {
        "units": sample.units,
        "photos": sample.photos,
        "garments": len(sample.garment_units),
        "score_quantiles": _quantiles(sample.scores),
        "label_score_quantiles": _quantiles(sample.label_scores),
    }


def _quantiles(values: np.ndarray) -> dict[str, float]:
    known = values[~np.isnan(values)]
    return {f"{q:g}": round(float(np.quantile(known, q)), 4) for q in QUANTILES} if len(known) else {}


@dataclass(frozen=True, slots=True)
class ShareChange:
    """The share of a word among the garments of each window."""

    value: str
    reference: float
    current: float

    @property
    def change(self) -> float:
        return self.current - self.reference


def share_changes(reference: Words, current: Words) -> list[ShareChange]:
    """The words of both windows, the most frequent first; "" is none."""
    words = np.union1d(reference, current)
    changes = [
        ShareChange(str(word), _share(reference, word), _share(current, word)) for word in words if word
    ]
    return sorted(changes, key=lambda each: (-max(each.reference, each.current), each.value))


def _share(words: Words, word: str) -> float:
    return int(np.count_nonzero(words == word)) / max(1, int(np.count_nonzero(words != "")))
