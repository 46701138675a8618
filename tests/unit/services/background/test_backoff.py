from __future__ import annotations

import pytest

from services.background.backoff import Backoff

DOUBLED = [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 10.0), (999_999, 10.0)]


@pytest.mark.parametrize(("failures", "pause_s"), DOUBLED)
def test_pauses_double_up_to_the_longest(failures: int, pause_s: float) -> None:
    assert Backoff(1.0, 10.0).pause_s(failures) == pause_s


@pytest.mark.parametrize(("failures", "longest_s"), DOUBLED)
def test_jitter_shortens_a_pause_by_up_to_its_share(failures: int, longest_s: float) -> None:
    backoff = Backoff(1.0, 10.0, jitter=0.5)
    pauses_s = [backoff.pause_s(failures) for _ in range(50)]
    assert longest_s / 2 <= min(pauses_s) < max(pauses_s) <= longest_s
