"""What has changed between the samples of two windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from math import ceil
from typing import TypeAlias

import numpy as np

from domain.errors import FailedPrecondition
from domain.types import FloatArray
from services.drift.difference import Difference, energy_difference, share_difference
from services.drift.permutations import Exchanges, holm
from services.drift.sample import Ints, Sample, Samples, Source, Words

Test: TypeAlias = Callable[[Exchanges], Difference]


class Feature(StrEnum):
    """What is compared: shares of words, or distributions of numbers and vectors."""

    LABELS = "labels"
    COLORS = "colors"
    SCORES = "scores"
    LABEL_SCORES = "label_scores"
    GARMENTS = "garments_per_photo"
    EMBEDDINGS = "embeddings"

    @property
    def weight(self) -> float:
        """Of its test in the family: labels have half of the level, because one that doubles moves little."""
        return 5.0 if self is Feature.LABELS else 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """When a report alarms.

    Attributes:
        level: the probability of an alarm of the whole report where nothing has changed.
        min_share_effect: the least effect of labels and colours that alarms.
        min_energy_effect: the least effect of numbers and vectors that alarms.
        min_units: the fewest units of a window that are compared, and garments that say something.
        exchanges: of units, at least.
    """

    level: float = 0.05
    min_share_effect: float = 0.05
    min_energy_effect: float = 0.003
    min_units: int = 100
    exchanges: int = 499
    seed: int = 0

    def exchanges_for(self, features: Sequence[Feature]) -> int:
        """As many as a p-value needs that is small enough for the family of these tests."""
        weights = [feature.weight for feature in features]
        return max(self.exchanges, ceil(2 * sum(weights) / (min(weights) * self.level)))

    def min_effect(self, feature: Feature) -> float:
        shares = feature in (Feature.LABELS, Feature.COLORS)
        return self.min_share_effect if shares else self.min_energy_effect


@dataclass(frozen=True, slots=True)
class Finding:
    """One respect in which two windows were compared.

    Attributes:
        p_value: of this test alone.
        adjusted_p_value: for all tests of the report.
        min_effect: the least effect that alarms.
        significant: whether chance does not explain the difference.
        alarm: whether it is also large enough to matter.
    """

    feature: Feature
    p_value: float
    effect: float
    min_effect: float
    adjusted_p_value: float = 1.0
    significant: bool = False
    alarm: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The two windows of one source, and what has changed."""

    source: Source
    reference: Sample
    current: Sample
    findings: tuple[Finding, ...]

    @property
    def alarm(self) -> bool:
        return any(finding.alarm for finding in self.findings)


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A source with too few units in a window."""

    source: Source
    reference_units: int
    current_units: int


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Of all sources of two windows; one level holds for all of it."""

    comparisons: tuple[Comparison, ...]
    not_compared: tuple[NotCompared, ...]

    @property
    def alarm(self) -> bool:
        return any(comparison.alarm for comparison in self.comparisons)


def compare(reference: Samples, current: Samples, limits: Limits = Limits()) -> Outcome:
    """Compare all sources that have enough units in both windows.

    Raises:
        FailedPrecondition: none has.
    """
    sources = sorted(reference.keys() | current.keys())
    counts = [NotCompared(source, _units(reference, source), _units(current, source)) for source in sources]
    few = tuple(each for each in counts if min(each.reference_units, each.current_units) < limits.min_units)
    compared = [each.source for each in counts if each not in few]
    if not compared:
        raise _too_few(few, limits.min_units)
    tests = {source: dict(_tests(reference[source], current[source], limits)) for source in compared}
    exchanges = limits.exchanges_for([feature for each in tests.values() for feature in each])
    comparisons = [
        _comparison(source, reference[source], current[source], tests[source], exchanges, limits)
        for source in compared
    ]
    return Outcome(_adjusted(comparisons, limits), few)


def _units(samples: Samples, source: Source) -> int:
    return samples[source].units if source in samples else 0


def _too_few(few: tuple[NotCompared, ...], least: int) -> FailedPrecondition:
    told = "; ".join(
        f"{each.source}: {each.reference_units} in the reference window, "
        f"{each.current_units} in the current one"
        for each in few
    )
    return FailedPrecondition(
        f"at least {least} calls are needed in each window, answered by the same models, but there are "
        f"{told or 'none in either'}. Choose longer windows, or log a larger share of the calls",
    )


def _tests(reference: Sample, current: Sample, limits: Limits) -> Iterator[tuple[Feature, Test]]:
    """The tests of what both windows say enough of."""
    shift = reference.units
    for feature, words in {Feature.LABELS: "labels", Feature.COLORS: "colors"}.items():
        both = [_said(getattr(each, words), each.garment_units) for each in (reference, current)]
        if all(len(values) >= limits.min_units for values, _ in both):
            values, units = _joined(both[0], both[1], shift)
            yield feature, partial(share_difference, values, units)
    for feature, points in _points(reference).items():
        of_current = _points(current)[feature]
        if (
            min(len(points[0]), len(of_current[0])) >= limits.min_units
            and points[0].shape[1] == of_current[0].shape[1]
        ):
            numbers = np.concatenate([points[0], of_current[0]])
            yield (
                feature,
                partial(energy_difference, numbers, np.concatenate([points[1], of_current[1] + shift])),
            )


def _said(values: Words, units: Ints) -> tuple[Words, Ints]:
    """The words that are not empty, with their units."""
    return values[values != ""], units[values != ""]


def _joined(reference: tuple[Words, Ints], current: tuple[Words, Ints], shift: int) -> tuple[Words, Ints]:
    return np.concatenate([reference[0], current[0]]), np.concatenate([reference[1], current[1] + shift])


def _points(sample: Sample) -> Mapping[Feature, tuple[FloatArray, Ints]]:
    """The (N, D) points of each feature, with their (N,) units."""
    counts = sample.garment_counts.astype(np.float32)
    return {
        Feature.SCORES: _numbers(sample.scores, sample.garment_units),
        Feature.LABEL_SCORES: _numbers(sample.label_scores, sample.garment_units),
        Feature.GARMENTS: _numbers(counts, sample.photo_units),
        Feature.EMBEDDINGS: (sample.embeddings, sample.garment_units[sample.embedded]),
    }


def _numbers(values: FloatArray, units: Ints) -> tuple[FloatArray, Ints]:
    known = ~np.isnan(values)
    return values[known, None], units[known]


def _comparison(
    source: Source,
    reference: Sample,
    current: Sample,
    tests: Mapping[Feature, Test],
    count: int,
    limits: Limits,
) -> Comparison:
    exchanges = Exchanges.draw(reference.units, current.units, count, limits.seed)
    findings = []
    for feature, test in tests.items():
        difference = test(exchanges)
        findings.append(Finding(feature, difference.p_value, difference.effect, limits.min_effect(feature)))
    return Comparison(source, reference, current, tuple(findings))


def _adjusted(comparisons: list[Comparison], limits: Limits) -> tuple[Comparison, ...]:
    """Comparisons whose findings are judged for all tests together."""
    findings = [finding for each in comparisons for finding in each.findings]
    weights = [finding.feature.weight for finding in findings]
    adjusted = iter(holm([finding.p_value for finding in findings], weights))
    return tuple(
        replace(each, findings=tuple(_judged(finding, next(adjusted), limits) for finding in each.findings))
        for each in comparisons
    )


def _judged(finding: Finding, adjusted: float, limits: Limits) -> Finding:
    significant = adjusted <= limits.level
    alarm = significant and finding.effect >= finding.min_effect
    return replace(finding, adjusted_p_value=adjusted, significant=significant, alarm=alarm)
