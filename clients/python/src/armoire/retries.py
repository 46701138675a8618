"""Which calls are tried again, and when."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import dataclass, replace
from typing import cast

import grpc

from armoire.errors import ArmoireError
from armoire.status import NO_ANSWER, CallFailure, error_from_failure

_MAX_DOUBLINGS = 64


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how soon to try again a call that may safely be repeated.

    Reads, writes that carry an idempotency key and upserts without an etag are repeated, after UNAVAILABLE,
    and after RESOURCE_EXHAUSTED where the server names a time to come back. The client waits for the time
    that the server names; otherwise the wait doubles from `initial_backoff_s` up to `max_backoff_s`. A wait
    that would outlast the call's deadline is not begun.
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
        doubled_s = min(self.initial_backoff_s * 2.0 ** min(attempt - 1, _MAX_DOUBLINGS), self.max_backoff_s)
        return doubled_s * random.uniform(1.0 - self.jitter, 1.0 + self.jitter)


def _passes(error: ArmoireError) -> bool:
    if error.code == "RESOURCE_EXHAUSTED":
        return error.retry_after_s is not None
    return error.code == "UNAVAILABLE"


class Attempts:
    """Counts the tries of one call against its deadline.

    Raises:
        ValueError: `timeout_s` is not above 0.
    """

    def __init__(self, address: str, path: str, policy: RetryPolicy, timeout_s: float) -> None:
        if timeout_s <= 0:
            raise ValueError(f"timeout_s must be above 0, not {timeout_s}")
        self._address = address
        self._path = path
        self._policy = policy
        self._deadline_s = time.monotonic() + timeout_s
        self._made = 0

    def remaining_s(self) -> float:
        return self._deadline_s - time.monotonic()

    def restart(self) -> None:
        """Counts from the first try again, after one that brought something new."""
        self._made = 0

    def wait_s(self, failure: grpc.RpcError, *, repeatable: bool) -> float:
        """Seconds to wait before the next try.

        Raises:
            ArmoireError: there is no next try.
        """
        self._made += 1
        error = error_from_failure(cast(CallFailure, failure), self._address, self._path)
        wait_s = self._policy.backoff_s(self._made, error) if repeatable else None
        if wait_s is None or wait_s >= self.remaining_s():
            raise error from None
        return wait_s


class Patience:
    """Decides how long a bulk run goes on without an answer: tries are limited by time, not counted.

    Until the first answer, tries to reach a server where none listens are counted as those of any call.

    Raises:
        ValueError: `timeout_s` is not above 0.
    """

    def __init__(self, policy: RetryPolicy, timeout_s: float) -> None:
        if timeout_s <= 0:
            raise ValueError(f"timeout_s must be above 0, not {timeout_s}")
        self._counted = policy
        self._patient = policy if policy.max_attempts <= 1 else replace(policy, max_attempts=sys.maxsize)
        self._timeout_s = timeout_s
        self._answered = False
        self._start()

    def restart(self) -> None:
        """Counts from now on: an answer has come."""
        self._answered = True
        self._start()

    def _start(self) -> None:
        self._made = 0
        self._deadline_s = time.monotonic() + self._timeout_s

    def wait_s(self, error: ArmoireError) -> float:
        """Seconds to wait before the run goes on after the error.

        Raises:
            ArmoireError: `error`, where the run ends with it.
        """
        self._made += 1
        counts = error.reason == NO_ANSWER and not self._answered
        wait_s = (self._counted if counts else self._patient).backoff_s(self._made, error)
        if wait_s is None or time.monotonic() + wait_s >= self._deadline_s:
            raise error from None
        return wait_s
