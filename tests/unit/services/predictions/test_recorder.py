"""The sample of the prediction log."""

from __future__ import annotations

from contextvars import copy_context

import pytest

from domain.calls import CURRENT_CALL, Call
from services.predictions.recorder import NoRecorder, is_sampled

ELEMENTS = [str(number) for number in range(5000)]


def sampled(ratio: float, request_id: str = "call-1") -> set[str]:
    """The elements of a call that a ratio takes."""

    def take() -> set[str]:
        CURRENT_CALL.set(Call(request_id))
        return {each for each in ELEMENTS if is_sampled(ratio, each)}

    return copy_context().run(take)


@pytest.mark.parametrize(("ratio", "count"), [(0, 0), (0.01, 51), (0.5, 2533), (1, 5000)])
def test_a_sample_has_its_share(ratio: float, count: int) -> None:
    assert len(sampled(ratio)) == count


def test_a_sample_is_always_the_same_and_has_every_smaller_one() -> None:
    assert sampled(0.01) < sampled(0.5)
    assert sampled(0.01) == sampled(0.01)
    assert sampled(0.01) != sampled(0.01, "call-2")


def test_no_recorder_wants_nothing() -> None:
    assert not NoRecorder().wants("0")
