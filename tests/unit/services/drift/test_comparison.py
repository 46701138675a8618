"""What has changed between two windows, and when that alarms."""

from __future__ import annotations

import pytest

from domain.errors import FailedPrecondition
from services.drift.comparison import Feature, Limits, compare
from services.drift.sample import Source
from tests.unit.services.drift.windows import SOURCE, made_sample

QUICK = Limits(exchanges=199)
OTHER = Source("Analyze", "detector-1", "embedder-2")


def test_windows_of_one_distribution_do_not_alarm() -> None:
    alarms = [
        compare({SOURCE: made_sample(seed, 150)}, {SOURCE: made_sample(seed + 100, 150)}, QUICK).alarm
        for seed in range(20)
    ]
    assert sum(alarms) <= 2


def test_a_label_whose_share_has_doubled_alarms() -> None:
    shares = {"dress": 0.3, "shirt": 0.3, "hat": 0.4}
    outcome = compare({SOURCE: made_sample(1, 400)}, {SOURCE: made_sample(2, 400, shares=shares)}, QUICK)
    found = {finding.feature: finding for finding in outcome.comparisons[0].findings}
    assert outcome.alarm
    assert found[Feature.LABELS].alarm
    assert found[Feature.LABELS].effect == pytest.approx(0.2, abs=0.07)
    assert not found[Feature.EMBEDDINGS].significant


def test_embeddings_and_scores_that_moved_alarm() -> None:
    outcome = compare({SOURCE: made_sample(1, 200)}, {SOURCE: made_sample(2, 200, moved=0.4)}, QUICK)
    alarms = {finding.feature for finding in outcome.comparisons[0].findings if finding.alarm}
    assert alarms == {Feature.EMBEDDINGS, Feature.SCORES}


def test_a_change_that_is_small_is_told_and_does_not_alarm() -> None:
    limits = Limits(exchanges=199, min_share_effect=0.5, min_energy_effect=0.5)
    shares = {"dress": 0.3, "shirt": 0.3, "hat": 0.4}
    outcome = compare({SOURCE: made_sample(1, 400)}, {SOURCE: made_sample(2, 400, shares=shares)}, limits)
    found = {finding.feature: finding for finding in outcome.comparisons[0].findings}
    assert found[Feature.LABELS].significant
    assert not outcome.alarm


def test_too_few_calls_are_told_with_their_number() -> None:
    few, enough = made_sample(1, 37), made_sample(2, 400)
    told = "Analyze by detector-1, embedder-1: 400 in the reference window, 37 in the current one"
    with pytest.raises(FailedPrecondition, match=f"at least 100 calls.*{told}"):
        compare({SOURCE: enough}, {SOURCE: few})
    with pytest.raises(FailedPrecondition, match="none in either"):
        compare({}, {})


def test_many_photos_of_few_calls_are_too_few() -> None:
    with pytest.raises(FailedPrecondition, match="20 in the current"):
        compare({SOURCE: made_sample(1, 400)}, {SOURCE: made_sample(2, 400, photos_of_call=20)})


def test_other_versions_are_not_compared() -> None:
    reference = {SOURCE: made_sample(1, 150)}
    current = {SOURCE: made_sample(2, 150), OTHER: made_sample(3, 150)}
    outcome = compare(reference, current, QUICK)
    assert [each.source for each in outcome.comparisons] == [SOURCE]
    assert [(each.source, each.reference_units, each.current_units) for each in outcome.not_compared] == [
        (OTHER, 0, 150)
    ]


def test_there_are_enough_exchanges_for_all_tests() -> None:
    limits = Limits()
    assert limits.exchanges_for(list(Feature)) == 499
    assert limits.exchanges_for(list(Feature) * 10) == 4000
