"""Compares settings within rounds, because the speed of a shared machine drifts, and chooses the best."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.tuning.setting import Setting
from services.tuning.trial import TrialResult

Preference: TypeAlias = Literal["balanced", "latency", "throughput"]

TIE = 0.03
"""Settings within this share of the best score count as equal."""
P99_TIE = 0.10
"""The same for p99, which rests on few calls."""
WORSE = 0.05
"""The loss in a figure that a setting may have and still beat another."""
CLEAR = 0.30
"""The gain that is clear after one round; after n rounds it is an n-th of that."""


@dataclass(eq=False)
class Candidate:
    """A setting with its results by round, and the reason if it was eliminated."""

    setting: Setting
    results: dict[int, TrialResult]
    eliminated: str = ""

    def median(self, figure: str) -> float:
        return statistics.median(self.values(figure))

    def most(self, figure: str) -> float:
        return max(self.values(figure))

    def values(self, figure: str) -> list[float]:
        """One figure of every round."""
        return [getattr(each, figure) for each in self.results.values()]


@dataclass(frozen=True, slots=True)
class Speedup:
    """Ratios to another setting in the rounds that measured both: p50 of a single client, throughput and p99.

    Each is the median over the rounds; above 1 is better.
    """

    single: float
    throughput: float
    p99: float
    rounds: int

    @classmethod
    def of(cls, candidate: Candidate, other: Candidate) -> Speedup:
        """Compare two candidates. Raises ValueError if they share no round."""
        shared = sorted(candidate.results.keys() & other.results.keys())
        if not shared:
            raise ValueError(f"{candidate.setting} and {other.setting} were not measured in the same round")
        pairs = [(candidate.results[each], other.results[each]) for each in shared]
        return cls(
            statistics.median(theirs.single_p50_ms / ours.single_p50_ms for ours, theirs in pairs),
            statistics.median(ours.throughput_per_s / theirs.throughput_per_s for ours, theirs in pairs),
            statistics.median(theirs.load_p99_ms / ours.load_p99_ms for ours, theirs in pairs),
            len(pairs),
        )

    @property
    def figures(self) -> tuple[float, float, float]:
        return self.single, self.throughput, self.p99


def clearly_beats(candidate: Candidate, other: Candidate) -> bool:
    """Whether it is not worse in any figure, and clearly better in one."""
    if not candidate.results.keys() & other.results.keys():
        return False
    speedup = Speedup.of(candidate, other)
    return min(speedup.figures) >= 1 - WORSE and max(speedup.figures) >= 1 + CLEAR / speedup.rounds


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Settings with their speedups over the reference, which takes part in every round."""

    speedups: Mapping[Setting, Speedup]
    preference: Preference

    @classmethod
    def of(cls, candidates: Sequence[Candidate], reference: Candidate, preference: Preference) -> Ranking:
        return cls(
            {candidate.setting: Speedup.of(candidate, reference) for candidate in candidates}, preference
        )

    def score(self, setting: Setting) -> float:
        """Share of the best, 0 to 1: in the preferred figure, or the smaller one of p50 and throughput."""
        speedup = self.speedups[setting]
        single = speedup.single / max(each.single for each in self.speedups.values())
        throughput = speedup.throughput / max(each.throughput for each in self.speedups.values())
        if self.preference == "balanced":
            return min(single, throughput)
        return single if self.preference == "latency" else throughput

    def order(self) -> list[Setting]:
        """All settings, the best first."""
        return sorted(self.speedups, key=self.score, reverse=True)

    def best_by_figure(self) -> set[Setting]:
        """The best setting by each figure."""
        return {
            max(self.speedups, key=lambda setting: self.speedups[setting].figures[index])
            for index in range(3)
        }

    def pareto_front(self) -> list[Setting]:
        """The Pareto front of the three figures, the lowest p50 of a single client first."""
        every = [speedup.figures for speedup in self.speedups.values()]
        front = [
            setting for setting, speedup in self.speedups.items() if not _dominated(speedup.figures, every)
        ]
        return sorted(front, key=lambda setting: self.speedups[setting].single, reverse=True)

    def choose(self, reference: Setting) -> Setting:
        """The setting nearest to the reference, of those that tie for the best score and the best p99."""
        best = self.score(self.order()[0])
        tied = [setting for setting in self.speedups if self.score(setting) >= (1 - TIE) * best]
        p99 = max(self.speedups[setting].p99 for setting in tied)
        steady = [setting for setting in tied if self.speedups[setting].p99 * (1 + P99_TIE) >= p99]
        return min(steady, key=lambda setting: (setting.differences(reference), -self.score(setting)))


def _dominated(figures: tuple[float, ...], every: Sequence[tuple[float, ...]]) -> bool:
    return any(
        other != figures and all(theirs >= ours for theirs, ours in zip(other, figures, strict=True))
        for other in every
    )


RULES: Mapping[Preference, str] = {
    "balanced": "the setting with the smallest shortfall from the best, the shortfall being the larger of "
    "those in the p50 of a single client and in the throughput under load",
    "latency": "the lowest p50 of a single client",
    "throughput": "the highest throughput under load",
}


def rule(preference: Preference) -> str:
    """What `Ranking.choose` does, in words."""
    return (
        f"{RULES[preference]}. Settings within {TIE:.0%} of it count as equal; of them, those remain whose "
        f"p99 is within {P99_TIE:.0%} of the lowest, and of those the one is chosen that changes the "
        "present setting least."
    )
