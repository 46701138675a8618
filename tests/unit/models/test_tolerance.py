from __future__ import annotations

from models.tolerance import Tolerance, tolerance


def test_lower_precisions_may_be_further_off() -> None:
    assert tolerance("fp32") == Tolerance()
    assert tolerance("fp32").within(tolerance("fp16"))
    assert tolerance("fp16").within(tolerance("int8"))
    assert not tolerance("int8").within(tolerance("fp16"))


def test_every_part_of_it_counts() -> None:
    for wider in ({"cosine": 0.9}, {"box_px": 9.0}, {"score": 0.5}, {"min_score": 0.5}, {"unmatched": 1.0}):
        assert not Tolerance(**wider).within(Tolerance())
        assert Tolerance().within(Tolerance(**wider))
