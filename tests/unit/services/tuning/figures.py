"""Figures made up for tests."""

from __future__ import annotations

from services.tuning.setting import Setting
from services.tuning.trial import Figures

PLAIN = Setting("cpu", 4, 1, 4, 4, 16)


def figures(lone: float = 10.0, throughput: float = 100.0, p99: float = 200.0) -> Figures:
    return Figures(lone, throughput, p99 / 2, p99, 9, 99, 2.0, 3.0, 4, 8, open_s=0.5)
