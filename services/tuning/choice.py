"""Which of the measured settings is the best: compared round by round, because a shared machine drifts."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from services.tuning.setting import Setting
from services.tuning.trial import Figures

Preference: TypeAlias = Literal["balanced", "latency", "throughput"]

TIE = 0.03
"""Settings that come so near the best are as good as it."""
TAIL_TIE = 0.10
"""The same for their p99, which rests on few calls."""
WORSE = 0.05
CLEAR = 0.30
"""A lead after one round, a half of it after two, and so on, is clear."""


@dataclass(eq=False)
class Entry:
    """A setting with its figures by round, and why it is not measured any more, if so."""

    setting: Setting
    found: dict[int, Figures]
    left: str = ""

    def median(self, figure: str) -> float:
        return statistics.median(self.values(figure))

    def most(self, figure: str) -> float:
        return max(self.values(figure))

    def values(self, figure: str) -> list[float]:
        """By round."""
        return [getattr(each, figure) for each in self.found.values()]


@dataclass(frozen=True, slots=True)
class Lead:
    """How many times better than another setting in the rounds that measured both; above 1 is better.

    Of a lone client's p50, of the crowd's throughput and of its p99.
    """

    lone: float
    throughput: float
    tail: float
    rounds: int

    @classmethod
    def of(cls, entry: Entry, other: Entry) -> Lead:
        """Medians over the rounds. Raises ValueError where they share none."""
        shared = sorted(entry.found.keys() & other.found.keys())
        if not shared:
            raise ValueError(f"{entry.setting} and {other.setting} were not measured in the same round")
        pairs = [(entry.found[each], other.found[each]) for each in shared]
        return cls(
            statistics.median(theirs.lone_p50_ms / ours.lone_p50_ms for ours, theirs in pairs),
            statistics.median(ours.throughput_per_s / theirs.throughput_per_s for ours, theirs in pairs),
            statistics.median(theirs.load_p99_ms / ours.load_p99_ms for ours, theirs in pairs),
            len(pairs),
        )

    @property
    def figures(self) -> tuple[float, float, float]:
        return self.lone, self.throughput, self.tail


def clearly_beats(entry: Entry, other: Entry) -> bool:
    """Nowhere worse, and somewhere better by more than chance."""
    if not entry.found.keys() & other.found.keys():
        return False
    lead = Lead.of(entry, other)
    return min(lead.figures) >= 1 - WORSE and max(lead.figures) >= 1 + CLEAR / lead.rounds


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """Settings beside the reference, which takes part in every round."""

    leads: Mapping[Setting, Lead]
    preference: Preference

    @classmethod
    def of(cls, entries: Sequence[Entry], reference: Entry, preference: Preference) -> Standings:
        return cls({entry.setting: Lead.of(entry, reference) for entry in entries}, preference)

    def score(self, setting: Setting) -> float:
        """Nearness to the best, 0 to 1: of the worse of lone p50 and throughput, or of the one preferred."""
        lead = self.leads[setting]
        lone = lead.lone / max(each.lone for each in self.leads.values())
        throughput = lead.throughput / max(each.throughput for each in self.leads.values())
        if self.preference == "balanced":
            return min(lone, throughput)
        return lone if self.preference == "latency" else throughput

    def best(self) -> list[Setting]:
        """The best first."""
        return sorted(self.leads, key=self.score, reverse=True)

    def ends(self) -> set[Setting]:
        """The best by each figure alone."""
        return {max(self.leads, key=lambda setting: self.leads[setting].figures[index]) for index in range(3)}

    def front(self) -> list[Setting]:
        """The settings that no other equals or betters in all three figures; the quickest alone first."""
        every = [lead.figures for lead in self.leads.values()]
        front = [setting for setting, lead in self.leads.items() if not _beaten(lead.figures, every)]
        return sorted(front, key=lambda setting: self.leads[setting].lone, reverse=True)

    def choose(self, reference: Setting) -> Setting:
        """Within `TIE` of the best score, within `TAIL_TIE` of the best p99 there, nearest the reference."""
        best = self.score(self.best()[0])
        tied = [setting for setting in self.leads if self.score(setting) >= (1 - TIE) * best]
        tail = max(self.leads[setting].tail for setting in tied)
        calm = [setting for setting in tied if self.leads[setting].tail * (1 + TAIL_TIE) >= tail]
        return min(calm, key=lambda setting: (setting.changes(reference), -self.score(setting)))


def _beaten(figures: tuple[float, ...], every: Sequence[tuple[float, ...]]) -> bool:
    return any(
        other != figures and all(theirs >= ours for theirs, ours in zip(other, figures, strict=True))
        for other in every
    )


RULES: Mapping[Preference, str] = {
    "balanced": "the setting whose shortfall from the best is least, where the shortfall is the larger of "
    "that in a lone client's p50 and that in the throughput of the crowd",
    "latency": "the lowest p50 of a lone client",
    "throughput": "the highest throughput of the crowd",
}


def rule(preference: Preference) -> str:
    """What `Standings.choose` does, in words."""
    return (
        f"{RULES[preference]}. Settings within {TIE:.0%} of it count as equal; of them those count whose p99 "
        f"is within {TAIL_TIE:.0%} of the lowest, and of those the one is taken that changes least of the "
        "present setting."
    )
