"""The race finds the best of a made-up machine, measures fairly and wastes no trials."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tuning.choice import Candidate, Preference
from services.tuning.race import FINALISTS, Race, planned_trials, survivors
from services.tuning.setting import Grid, Setting
from services.tuning.trial import TrialResult
from tests.unit.services.tuning.figures import PLAIN, figures

CORES = 4
PRESENT = replace(PLAIN, slots=1, exclusive_threads=1)


class MadeUpMachine:
    """Fast for 1 client with many threads, fast under load with many slots, best in batches of 8; drifts."""

    def __init__(self, noise: float = 0.04, refuses: int = 0) -> None:
        self.trials: list[Setting] = []
        self._chance = random.Random(7)
        self._noise = noise
        self._refuses = refuses

    async def __call__(self, setting: Setting) -> TrialResult:
        self.trials.append(setting)
        if setting.slots == self._refuses:
            raise RuntimeError("no room for it\nand more")
        drift = 1 + len(self.trials) / 50
        single = 40 / max(setting.exclusive_threads, setting.intra_op_threads) ** 0.8
        busy = setting.slots * setting.intra_op_threads**0.7 * (1.1 if setting.detector_max_batch == 8 else 1)
        return figures(
            single * drift * self._about_one(),
            25 * busy / drift * self._about_one(),
            800 / busy * drift * self._about_one(),
        )

    def _about_one(self) -> float:
        return 1 + self._chance.uniform(-self._noise, self._noise)


def batches(best: Candidate) -> list[Setting]:
    return Grid(detector_batches=(1, 4, 8), embedder_batches=(16,)).batches(best.setting, "analyze")


async def race_on(machine: MadeUpMachine, preference: Preference = "balanced", trials: int = 0) -> Race:
    race = Race(PRESENT, machine, preference)
    await race.run(Grid().layouts(PRESENT, CORES), batches, rounds=3, trials=trials)
    return race


async def test_the_best_layout_and_the_best_batch_are_found() -> None:
    race = await race_on(MadeUpMachine())
    assert race.ranking.choose(PRESENT) == replace(PLAIN, detector_max_batch=8)


async def test_what_remains_was_measured_often_enough_beside_the_present_setting() -> None:
    race = await race_on(MadeUpMachine())
    present = race.candidates[0]
    assert present.setting == PRESENT
    assert not present.eliminated
    assert len(present.results) == race.rounds
    for candidate in race.running:
        assert len(candidate.results) >= 3
        assert candidate.results.keys() <= present.results.keys()
    reasons = [candidate.eliminated for candidate in race.candidates if candidate.eliminated]
    assert reasons
    assert all(reason.startswith(("beaten by", "behind")) for reason in reasons)


async def test_poor_settings_have_few_trials() -> None:
    machine = MadeUpMachine()
    race = await race_on(machine)
    counts = Counter(machine.trials)
    assert counts[replace(PRESENT, intra_op_threads=2, slots=2, exclusive_threads=2)] < counts[PRESENT]
    assert len(machine.trials) == race.trials > 0
    assert race.trials <= planned_trials(len(Grid().layouts(PRESENT, CORES)), 2, 3)


async def test_saved_trials_are_used_for_more_rounds() -> None:
    short, long = MadeUpMachine(), MadeUpMachine()
    least = (await race_on(short)).trials
    race = await race_on(long, trials=least + 40)
    assert least + 40 - len(race.running) < race.trials <= least + 40
    assert all(len(candidate.results) > 3 for candidate in race.running)


async def test_every_round_has_an_order_of_its_own() -> None:
    machine = MadeUpMachine(noise=0)
    race = Race(PRESENT, machine)
    race.add(Grid().layouts(PRESENT, CORES))
    for _ in range(3):
        await race.round()
    size = len(race.candidates)
    rounds = [machine.trials[start : start + size] for start in range(0, 3 * size, size)]
    assert [set(each) for each in rounds] == [set(machine.trials)] * 3
    assert len({tuple(each) for each in rounds}) == 3


async def test_a_setting_that_fails_is_eliminated_with_its_reason() -> None:
    race = await race_on(MadeUpMachine(refuses=3))
    failed = {each.eliminated: each for each in race.candidates if each.setting.slots == 3}
    assert failed.keys() == {"fails: no room for it"}
    assert not any(candidate.results for candidate in failed.values())
    assert race.ranking.choose(PRESENT).slots == 4


async def test_without_the_present_setting_there_is_no_race() -> None:
    with pytest.raises(RuntimeError, match="no room"):
        await race_on(MadeUpMachine(refuses=PRESENT.slots))


@pytest.mark.parametrize("preference", ["latency", "throughput"])
async def test_the_best_by_a_figure_is_never_eliminated(preference: Preference) -> None:
    race = await race_on(MadeUpMachine(noise=0), preference)
    left = {candidate.setting for candidate in race.running}
    assert max(candidate.setting.exclusive_threads for candidate in race.candidates) in {
        each.exclusive_threads for each in left
    }
    assert max(candidate.setting.slots for candidate in race.candidates) in {each.slots for each in left}


@given(st.integers(0, 40), st.integers(0, 12), st.integers(1, 8))
def test_a_plan_gives_every_setting_a_trial(layouts: int, others: int, rounds: int) -> None:
    trials = planned_trials(layouts, others, rounds)
    assert trials >= 2 + max(layouts, others)
    assert trials <= (layouts + others + 1) * (rounds + 2)


@given(st.integers(1, 200))
def test_half_remain_but_never_too_few(count: int) -> None:
    assert min(count, FINALISTS) <= survivors(count) <= count
    assert survivors(count) <= max(FINALISTS, (count + 1) // 2)
