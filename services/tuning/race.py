"""The race: rounds in which every remaining setting has one trial, and after which the worst are eliminated.

Source: O. Maron and A. Moore, "Hoeffding races", 1994; the weaker half is eliminated as in successive halving
(K. Jamieson and A. Talwalkar, 2016).
"""

from __future__ import annotations

import math
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from services.tuning.choice import Candidate, Preference, Ranking, clearly_beats
from services.tuning.setting import Setting
from services.tuning.trial import TrialResult

RunTrial: TypeAlias = Callable[[Setting], Awaitable[TrialResult]]

FINALISTS = 4
"""Elimination by rank leaves at least this many."""
LAYOUT_ROUNDS = 2
"""Rounds of the combinations of slots and threads, before batch sizes are tried with the best of them."""


@dataclass(eq=False)
class Race:
    """A race of settings with the reference, which has a trial in every round.

    Each round shuffles the order, so that other load on the machine affects all settings alike.
    """

    reference: Setting
    run_trial: RunTrial
    preference: Preference = "balanced"
    candidates: list[Candidate] = field(default_factory=list)
    rounds: int = 0
    trials: int = 0

    def __post_init__(self) -> None:
        self.add([self.reference])

    def add(self, settings: Iterable[Setting]) -> None:
        """Add settings; those that take part already are not added again."""
        known = {candidate.setting for candidate in self.candidates}
        self.candidates += [Candidate(setting, {}) for setting in settings if setting not in known]

    @property
    def running(self) -> list[Candidate]:
        return [candidate for candidate in self.candidates if not candidate.eliminated]

    @property
    def ranking(self) -> Ranking:
        """The ranking of the remaining settings that have a result."""
        measured = [candidate for candidate in self.running if candidate.results]
        return Ranking.of(measured, self._candidate(self.reference), self.preference)

    @property
    def leader(self) -> Candidate:
        return self._candidate(self.ranking.order()[0])

    def _candidate(self, setting: Setting) -> Candidate:
        return next(candidate for candidate in self.candidates if candidate.setting == setting)

    async def run(
        self,
        layouts: Sequence[Setting],
        batches: Callable[[Candidate], list[Setting]],
        rounds: int,
        trials: int = 0,
    ) -> None:
        """Race the layouts, then batch sizes of the best one, until all that remain have `rounds` results.

        Trials that early elimination has saved are used for more rounds.

        Raises:
            Exception: the error of a trial of the reference.
        """
        self.add(layouts)
        for _ in range(LAYOUT_ROUNDS):
            await self.round()
            self.eliminate()
        self.add(batches(self.leader))
        while self._goes_on(rounds, trials):
            await self.round()
            if self._goes_on(rounds, trials):
                self.eliminate()

    def _goes_on(self, rounds: int, trials: int) -> bool:
        short = any(len(candidate.results) < rounds for candidate in self.running)
        return short or self.trials + len(self.running) <= trials

    async def round(self) -> None:
        """Run one trial of every remaining setting; a setting whose trial fails is eliminated."""
        order = self.running
        random.Random(self.rounds).shuffle(order)
        for candidate in order:
            await self._measure(candidate)
        self.rounds += 1

    async def _measure(self, candidate: Candidate) -> None:
        self.trials += 1
        try:
            candidate.results[self.rounds] = await self.run_trial(candidate.setting)
        except Exception as error:  # out of memory, a full queue, any error of a provider
            if candidate.setting == self.reference:
                raise
            candidate.eliminated = f"fails: {_first_line(error)}"

    def eliminate(self) -> None:
        """Eliminate the clearly beaten, then the weaker half; never the reference or the best by a figure."""
        ranking = self.ranking
        kept = ranking.best_by_figure() | {self.reference}
        droppable = [setting for setting in reversed(ranking.order()) if setting not in kept]
        for setting in droppable:
            candidate = self._candidate(setting)
            if better := next((each for each in self.running if clearly_beats(each, candidate)), None):
                candidate.eliminated = f"beaten by {better.setting} after round {self.rounds}"
        surplus = len(self.running) - survivors(len(ranking.speedups))
        weakest = [setting for setting in droppable if not self._candidate(setting).eliminated]
        for setting in weakest[: max(0, surplus)]:
            self._candidate(setting).eliminated = f"behind after round {self.rounds}"


def survivors(count: int) -> int:
    """How many of `count` settings remain after a round."""
    return min(count, max(FINALISTS, math.ceil(count / 2)))


def planned_trials(layouts: int, batches: int, rounds: int) -> int:
    """The largest number of trials that `Race.run` has with that many settings and the reference."""
    count, total = layouts + 1, 0
    for _ in range(LAYOUT_ROUNDS):
        total += count
        count = survivors(count)
    count += batches
    for _ in range(rounds if batches else max(0, rounds - LAYOUT_ROUNDS)):
        total += count
        count = survivors(count)
    return total


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
