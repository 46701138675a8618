"""TrialResult made up for tests."""

from __future__ import annotations

from services.tuning.setting import Setting
from services.tuning.trial import TrialResult

PLAIN = Setting("cpu", 4, 1, 4, 4, 16)


def figures(single: float = 10.0, throughput: float = 100.0, p99: float = 200.0) -> TrialResult:
    return TrialResult(single, throughput, p99 / 2, p99, 9, 99, 2.0, 3.0, 4, 8, load_models_s=0.5)
