"""The race finds the best of a made-up machine, measures fairly and wastes no visits."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tuning.choice import Entry, Preference
from services.tuning.race import FINALISTS, Race, planned_visits, survivors
from services.tuning.setting import Grid, Setting
from services.tuning.trial import Figures
from tests.unit.services.tuning.figures import PLAIN, figures

CORES = 4
PRESENT = replace(PLAIN, slots=1, exclusive_threads=1)


class MadeUpMachine:
    """Quick alone with wide runs, quick for a crowd with many slots, better with batches of 8; it drifts."""

    def __init__(self, noise: float = 0.04, refuses: int = 0) -> None:
        self.visits: list[Setting] = []
        self._chance = random.Random(7)
        self._noise = noise
        self._refuses = refuses

    async def __call__(self, setting: Setting) -> Figures:
        self.visits.append(setting)
        if setting.slots == self._refuses:
            raise RuntimeError("no room for it\nand more")
        drift = 1 + len(self.visits) / 50
        lone = 40 / max(setting.exclusive_threads, setting.intra_op_threads) ** 0.8
        busy = setting.slots * setting.intra_op_threads**0.7 * (1.1 if setting.detector_max_batch == 8 else 1)
        return figures(
            lone * drift * self._about_one(),
            25 * busy / drift * self._about_one(),
            800 / busy * drift * self._about_one(),
        )

    def _about_one(self) -> float:
        return 1 + self._chance.uniform(-self._noise, self._noise)


def batches(best: Entry) -> list[Setting]:
    return Grid(detector_batches=(1, 4, 8), embedder_batches=(16,)).batches(best.setting, "analyze")


async def race_on(machine: MadeUpMachine, preference: Preference = "balanced", visits: int = 0) -> Race:
    race = Race(PRESENT, machine, preference)
    await race.run(Grid().shapes(PRESENT, CORES), batches, rounds=3, visits=visits)
    return race


async def test_the_best_shape_and_the_best_batch_are_found() -> None:
    race = await race_on(MadeUpMachine())
    assert race.standings.choose(PRESENT) == replace(PLAIN, detector_max_batch=8)


async def test_what_stays_was_measured_often_enough_beside_the_present_setting() -> None:
    race = await race_on(MadeUpMachine())
    present = race.entries[0]
    assert present.setting == PRESENT
    assert not present.left
    assert len(present.found) == race.rounds
    for entry in race.running:
        assert len(entry.found) >= 3
        assert entry.found.keys() <= present.found.keys()
    assert {entry.setting for entry in race.entries if entry.left}
    assert all(entry.left.startswith(("beaten by", "behind")) for entry in race.entries if entry.left)


async def test_the_poor_get_few_visits() -> None:
    machine = MadeUpMachine()
    race = await race_on(machine)
    counts = Counter(machine.visits)
    assert counts[replace(PRESENT, intra_op_threads=2, slots=2, exclusive_threads=2)] < counts[PRESENT]
    assert len(machine.visits) == race.visits > 0
    assert race.visits <= planned_visits(len(Grid().shapes(PRESENT, CORES)), 2, 3)


async def test_visits_that_were_spared_go_into_more_rounds() -> None:
    short, long = MadeUpMachine(), MadeUpMachine()
    least = (await race_on(short)).visits
    race = await race_on(long, visits=least + 40)
    assert least + 40 - len(race.running) < race.visits <= least + 40
    assert all(len(entry.found) > 3 for entry in race.running)


async def test_every_round_has_an_order_of_its_own() -> None:
    machine = MadeUpMachine(noise=0)
    race = Race(PRESENT, machine)
    race.join(Grid().shapes(PRESENT, CORES))
    for _ in range(3):
        await race.round()
    size = len(race.entries)
    rounds = [machine.visits[start : start + size] for start in range(0, 3 * size, size)]
    assert [set(each) for each in rounds] == [set(machine.visits)] * 3
    assert len({tuple(each) for each in rounds}) == 3


async def test_a_setting_that_fails_leaves_with_its_reason() -> None:
    race = await race_on(MadeUpMachine(refuses=3))
    (entry,) = {entry.left: entry for entry in race.entries if entry.setting.slots == 3}.values()
    assert entry.left == "fails: no room for it"
    assert not entry.found
    assert race.standings.choose(PRESENT).slots == 4


async def test_without_the_present_setting_there_is_no_race() -> None:
    with pytest.raises(RuntimeError, match="no room"):
        await race_on(MadeUpMachine(refuses=PRESENT.slots))


@pytest.mark.parametrize("preference", ["latency", "throughput"])
async def test_the_best_by_a_figure_is_never_dropped(preference: Preference) -> None:
    race = await race_on(MadeUpMachine(noise=0), preference)
    left = {entry.setting for entry in race.running}
    assert max(entry.setting.exclusive_threads for entry in race.entries) in {
        each.exclusive_threads for each in left
    }
    assert max(entry.setting.slots for entry in race.entries) in {each.slots for each in left}


@given(st.integers(0, 40), st.integers(0, 12), st.integers(1, 8))
def test_a_plan_gives_every_setting_a_visit(shapes: int, others: int, rounds: int) -> None:
    visits = planned_visits(shapes, others, rounds)
    assert visits >= 2 + max(shapes, others)
    assert visits <= (shapes + others + 1) * (rounds + 2)


@given(st.integers(1, 200))
def test_a_half_stays_but_never_too_few(count: int) -> None:
    assert min(count, FINALISTS) <= survivors(count) <= count
    assert survivors(count) <= max(FINALISTS, (count + 1) // 2)
