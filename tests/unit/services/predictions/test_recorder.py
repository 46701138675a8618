"""The sample of the prediction log."""

from __future__ import annotations

import pytest

from domain.calls import CURRENT_CALL, Call
from services.predictions.recorder import NoRecorder, is_sampled


@pytest.fixture
def sampled_ids() -> dict[float, set[str]]:
    """The elements, of 5,000, that each ratio takes."""
    CURRENT_CALL.set(Call("call-1"))
    elements = [str(number) for number in range(5000)]
    return {ratio: {each for each in elements if is_sampled(ratio, each)} for ratio in (0, 0.01, 0.5, 1)}


def test_a_sample_has_its_share(sampled_ids: dict[float, set[str]]) -> None:
    assert {ratio: len(taken) for ratio, taken in sampled_ids.items()} == {0: 0, 0.01: 51, 0.5: 2533, 1: 5000}


def test_a_sample_is_always_the_same_and_has_every_smaller_one(sampled_ids: dict[float, set[str]]) -> None:
    assert sampled_ids[0.01] < sampled_ids[0.5]
    assert all(is_sampled(0.01, each) for each in sampled_ids[0.01])
    CURRENT_CALL.set(Call("call-2"))
    assert not all(is_sampled(0.01, each) for each in sampled_ids[0.01])


def test_no_recorder_wants_nothing() -> None:
    assert not NoRecorder().wants("0")
