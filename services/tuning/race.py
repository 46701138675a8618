"""Rounds in which every setting still in the running is measured once; the beaten leave after each."""

from __future__ import annotations

import math
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from services.tuning.choice import Entry, Preference, Standings, clearly_beats
from services.tuning.setting import Setting
from services.tuning.trial import Figures

Visit: TypeAlias = Callable[[Setting], Awaitable[Figures]]

FINALISTS = 4
"""Rank alone leaves no fewer."""
SHAPE_ROUNDS = 2
"""Before batch sizes are tried with the best way to share the device out."""


@dataclass(eq=False)
class Race:
    """Settings against each other and against the reference, which is measured in every round.

    A round takes the settings in an order of its own, so that what else the machine does falls on all alike.
    """

    reference: Setting
    visit: Visit
    preference: Preference = "balanced"
    entries: list[Entry] = field(default_factory=list)
    rounds: int = 0
    visits: int = 0

    def __post_init__(self) -> None:
        self.join([self.reference])

    def join(self, settings: Iterable[Setting]) -> None:
        """Settings that have run already are left where they are."""
        known = {entry.setting for entry in self.entries}
        self.entries += [Entry(setting, {}) for setting in settings if setting not in known]

    @property
    def running(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.left]

    @property
    def standings(self) -> Standings:
        """Of those still in the running that have been measured."""
        measured = [entry for entry in self.running if entry.found]
        return Standings.of(measured, self._entry(self.reference), self.preference)

    @property
    def leader(self) -> Entry:
        return self._entry(self.standings.best()[0])

    def _entry(self, setting: Setting) -> Entry:
        return next(entry for entry in self.entries if entry.setting == setting)

    async def run(
        self,
        shapes: Sequence[Setting],
        batches: Callable[[Entry], list[Setting]],
        rounds: int,
        visits: int = 0,
    ) -> None:
        """First the shapes, then other batches for the best of them, until all left have had `rounds`.

        What early drops have spared of the `visits` goes into more rounds.

        Raises:
            Exception: what the reference fails with.
        """
        self.join(shapes)
        for _ in range(SHAPE_ROUNDS):
            await self.round()
            self.thin()
        self.join(batches(self.leader))
        while self._goes_on(rounds, visits):
            await self.round()
            if self._goes_on(rounds, visits):
                self.thin()

    def _goes_on(self, rounds: int, visits: int) -> bool:
        short = any(len(entry.found) < rounds for entry in self.running)
        return short or self.visits + len(self.running) <= visits

    async def round(self) -> None:
        """Measure everything in the running once; a setting that cannot run here leaves."""
        order = self.running
        random.Random(self.rounds).shuffle(order)
        for entry in order:
            await self._measure(entry)
        self.rounds += 1

    async def _measure(self, entry: Entry) -> None:
        self.visits += 1
        try:
            entry.found[self.rounds] = await self.visit(entry.setting)
        except Exception as error:  # too little memory, a full queue, whatever a provider says
            if entry.setting == self.reference:
                raise
            entry.left = f"fails: {_first_line(error)}"

    def thin(self) -> None:
        """Drop what is clearly beaten, then the weaker half; never the reference or the best by a figure."""
        standings = self.standings
        kept = standings.ends() | {self.reference}
        droppable = [setting for setting in reversed(standings.best()) if setting not in kept]
        for setting in droppable:
            entry = self._entry(setting)
            if better := next((each for each in self.running if clearly_beats(each, entry)), None):
                entry.left = f"beaten by {better.setting} after round {self.rounds}"
        surplus = len(self.running) - survivors(len(standings.leads))
        weakest = [setting for setting in droppable if not self._entry(setting).left]
        for setting in weakest[: max(0, surplus)]:
            self._entry(setting).left = f"behind after round {self.rounds}"


def survivors(count: int) -> int:
    """How many of so many stay after a round."""
    return min(count, max(FINALISTS, math.ceil(count / 2)))


def planned_visits(shapes: int, batches: int, rounds: int) -> int:
    """The most visits that `Race.run` pays to so many settings and the reference."""
    count, total = shapes + 1, 0
    for _ in range(SHAPE_ROUNDS):
        total += count
        count = survivors(count)
    count += batches
    for _ in range(rounds if batches else max(0, rounds - SHAPE_ROUNDS)):
        total += count
        count = survivors(count)
    return total


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
