"""How long a trial may take, and how many clients the load has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.providers import Provider
from services.tuning.load import MIN_ANSWERS_PER_CLIENT, MIN_SINGLE_CALLS
from services.tuning.trial import SINGLE_SHARE, TrialResult

CLIENTS_PER_CORE = 4
MIN_CLIENTS, MAX_CLIENTS = 8, 64


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds of measuring per trial, the trials, and the total with the loading of the models."""

    trial_s: float
    trials: int
    total_s: float

    @classmethod
    def of(cls, minutes: float, trials: int, clients: int, typical: TrialResult) -> Budget:
        """Divide the minutes by the trials; `total_s` is more if the minimum of calls takes longer."""
        load_s = clients / typical.throughput_per_s  # until each client has its first answer
        trial_s = max(0.0, minutes * 60 / trials - typical.load_models_s - load_s)
        single_s = (MIN_SINGLE_CALLS + 1) * typical.single_p50_ms / 1e3
        took_s = (
            typical.load_models_s
            + max(single_s, trial_s * SINGLE_SHARE)
            + load_s
            + max(MIN_ANSWERS_PER_CLIENT * load_s, trial_s * (1 - SINGLE_SHARE))
        )
        return cls(trial_s, trials, trials * took_s)


def default_clients(providers: Sequence[Provider], cores: int) -> int:
    """Enough clients to keep every core, or a GPU, busy."""
    if any(provider != "cpu" for provider in providers):
        return MAX_CLIENTS
    return min(MAX_CLIENTS, max(MIN_CLIENTS, CLIENTS_PER_CORE * cores))
