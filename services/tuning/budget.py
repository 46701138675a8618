"""How long a visit to a setting may take, and how many clients make a crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.providers import Provider
from services.tuning.trial import ANSWERS_A_CLIENT, LEAST_LONE_CALLS, LONE_SHARE, Figures

CLIENTS_A_CORE = 4
FEWEST_CLIENTS, MOST_CLIENTS = 8, 64


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds to measure at each of so many visits, and what all will take with the loading of the models."""

    visit_s: float
    visits: int
    total_s: float

    @classmethod
    def of(cls, minutes: float, visits: int, clients: int, typical: Figures) -> Budget:
        """An even share of the minutes for each visit; `total_s` is more where the fewest calls take more."""
        crowd_s = clients / typical.throughput_per_s  # until each of them has an answer
        visit_s = max(0.0, minutes * 60 / visits - typical.open_s - crowd_s)
        lone_s = (LEAST_LONE_CALLS + 1) * typical.lone_p50_ms / 1e3
        took_s = (
            typical.open_s
            + max(lone_s, visit_s * LONE_SHARE)
            + crowd_s
            + max(ANSWERS_A_CLIENT * crowd_s, visit_s * (1 - LONE_SHARE))
        )
        return cls(visit_s, visits, visits * took_s)


def default_clients(providers: Sequence[Provider], cores: int) -> int:
    """Enough to keep every core busy, or a GPU."""
    if any(provider != "cpu" for provider in providers):
        return MOST_CLIENTS
    return min(MOST_CLIENTS, max(FEWEST_CLIENTS, CLIENTS_A_CORE * cores))
