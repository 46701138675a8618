"""When to try a call again."""

from __future__ import annotations

import random
from dataclasses import dataclass

from armoire.errors import ArmoireError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how soon to try again a call that may safely be repeated.

    Repeated are reads, and writes that carry an idempotency key; and of failures only those that pass:
    UNAVAILABLE, and RESOURCE_EXHAUSTED where the server names a time to come back. The time it names is
    kept; otherwise the wait doubles from `initial_backoff_s`. A wait that would outlast the call's deadline
    is not begun.
    """

    max_attempts: int = 5
    initial_backoff_s: float = 0.1
    max_backoff_s: float = 5.0
    jitter: float = 0.2

    def backoff_s(self, attempt: int, error: ArmoireError) -> float | None:
        """Seconds to wait after the failure of the `attempt`-th try, from 1; None to give up."""
        if attempt >= self.max_attempts or not _passes(error):
            return None
        if error.retry_after_s is not None:
            return error.retry_after_s
        doubled_s = min(self.initial_backoff_s * 2.0 ** (attempt - 1), self.max_backoff_s)
        return doubled_s * random.uniform(1.0 - self.jitter, 1.0 + self.jitter)


def _passes(error: ArmoireError) -> bool:
    if error.code == "RESOURCE_EXHAUSTED":
        return error.retry_after_s is not None
    return error.code == "UNAVAILABLE"
