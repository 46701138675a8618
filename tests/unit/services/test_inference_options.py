from __future__ import annotations

from dataclasses import replace

import pytest

from models.providers import Provider
from services.inference_options import InferenceOptions


@pytest.mark.parametrize(("slots", "provider", "threads"), [(1, "cpu", 0), (2, "cpu", 4), (2, "cuda", 0)])
def test_only_one_of_several_slots_can_be_alone(
    options: InferenceOptions, slots: int, provider: Provider, threads: int
) -> None:
    assert replace(options, slots=slots, provider=provider, alone_threads=4).wide_threads() == threads
    same = replace(options, slots=slots, provider=provider, alone_threads=4, intra_op_threads=4)
    assert same.wide_threads() == 0
