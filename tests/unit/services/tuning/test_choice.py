"""The choice rests on ratios within rounds, and keeps what is not beaten by more than chance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tuning.choice import Candidate, Preference, Ranking, Speedup, clearly_beats, rule
from services.tuning.setting import Setting
from tests.unit.services.tuning.figures import PLAIN, figures


def setting(number: int) -> Setting:
    return replace(PLAIN, detector_max_batch=100 + number)


def ranking(*speedups: tuple[float, float, float], preference: Preference = "balanced") -> Ranking:
    """`setting(0)`, `setting(1)` and so on."""
    return Ranking(
        {setting(i): Speedup(*speedup, rounds=3) for i, speedup in enumerate(speedups)}, preference
    )


def test_a_speedup_is_taken_within_rounds_because_the_machine_drifts() -> None:
    slow_hour = {0: figures(20, 50, 400), 1: figures(21, 51, 410)}
    both = Candidate(setting(0), {**slow_hour, 2: figures(10, 100, 200)})
    other = Candidate(setting(1), {2: figures(15, 80, 100), 7: figures(1, 1, 1)})
    assert Speedup.of(both, other) == Speedup(1.5, 1.25, 0.5, 1)


def test_settings_that_share_no_round_are_not_compared() -> None:
    one, other = Candidate(setting(0), {0: figures()}), Candidate(setting(1), {1: figures(99)})
    with pytest.raises(ValueError, match="same round"):
        Speedup.of(one, other)
    assert not clearly_beats(one, other)


@pytest.mark.parametrize(
    ("rounds", "single", "throughput", "beaten"),
    [
        (1, 10.0, 100.0, False),
        (1, 12.0, 100.0, False),
        (1, 14.0, 100.0, True),
        (3, 11.5, 100.0, True),
        (3, 11.5, 110.0, False),
        (3, 11.5, 102.0, True),
    ],
)
def test_a_speedup_must_be_clear_and_without_a_loss(
    rounds: int, single: float, throughput: float, beaten: bool
) -> None:
    better = Candidate(setting(0), {each: figures() for each in range(rounds)})
    worse = Candidate(setting(1), {each: figures(single, throughput) for each in range(rounds)})
    assert clearly_beats(better, worse) == beaten
    assert not clearly_beats(worse, better)


@pytest.mark.parametrize(("preference", "best"), [("balanced", 1), ("latency", 0), ("throughput", 2)])
def test_the_preference_decides(preference: Preference, best: int) -> None:
    found = ranking((1.5, 0.6, 1), (1.3, 0.9, 1), (0.7, 1.0, 1), preference=preference)
    assert found.order()[0] == found.choose(setting(9)) == setting(best)
    assert found.score(setting(best)) == max(found.score(each) for each in found.speedups)


def test_of_equals_the_steadiest_is_taken() -> None:
    assert ranking((1.00, 1.0, 1.0), (0.99, 1.0, 1.3)).choose(setting(9)) == setting(1)


def test_of_equals_that_are_as_steady_the_one_that_changes_least_is_taken() -> None:
    far = replace(PLAIN, slots=2, exclusive_threads=3, embedder_max_batch=8)
    near = replace(PLAIN, slots=2)
    speedups = {far: Speedup(1.02, 1.01, 1.05, 3), near: Speedup(1.0, 1.0, 1.0, 3)}
    assert (far.differences(PLAIN), near.differences(PLAIN), PLAIN.differences(PLAIN)) == (3, 1, 0)
    assert Ranking(speedups, "balanced").choose(PLAIN) == near


def test_the_present_setting_stays_where_it_is_as_good() -> None:
    found = ranking((1.0, 1.0, 1.0), (1.02, 1.02, 1.05))
    assert found.choose(setting(0)) == setting(0)
    assert ranking((1.0, 1.0, 1.0), (1.02, 1.02, 1.2)).choose(setting(0)) == setting(1)
    assert ranking((1.0, 1.0, 1.0), (1.05, 1.05, 1.0)).choose(setting(0)) == setting(1)


LEADS = st.lists(st.tuples(*[st.floats(0.1, 10)] * 3), min_size=1, max_size=8)


@given(LEADS)
def test_the_pareto_front_is_what_nothing_beats(speedups: list[tuple[float, float, float]]) -> None:
    found = ranking(*speedups)
    front = found.pareto_front()
    for each, speedup in found.speedups.items():
        others = [other.figures for other in found.speedups.values() if other.figures != speedup.figures]
        beaten = any(all(t >= o for t, o in zip(other, speedup.figures, strict=True)) for other in others)
        assert (each in front) == (not beaten)
    assert [found.speedups[each].single for each in front] == sorted(
        (found.speedups[each].single for each in front), reverse=True
    )


@given(LEADS, st.sampled_from(["balanced", "latency", "throughput"]))
def test_the_chosen_one_is_near_the_best(
    speedups: list[tuple[float, float, float]], preference: Preference
) -> None:
    found = ranking(*speedups, preference=preference)
    best = max(found.score(each) for each in found.speedups)
    assert found.score(found.choose(setting(0))) >= 0.97 * best


def test_every_preference_has_its_rule_in_words() -> None:
    assert len({rule("balanced"), rule("latency"), rule("throughput")}) == 3
    assert "3%" in rule("latency")
