"""What the callers of a soak test saw."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.servers.soak.clock import Clock


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that was answered with a status other than OK, or not at all."""

    moment_s: float
    call: str
    status: str
    text: str


@dataclass(eq=False)
class Ledger:
    """Counts calls by their status; keeps what was wrong, and when the server was away on purpose."""

    clock: Clock
    calls: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    latencies_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[Failure] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    away: list[tuple[float, float]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, call: str, status: str, took_s: float, text: str = "") -> None:
        with self._lock:
            self.calls[call][status] += 1
            if status == "OK":
                self.latencies_ms[call].append(took_s * 1e3)
            else:
                self.failures.append(Failure(self.clock.now_s(), call, status, text))

    def accuse(self, what: str) -> None:
        """Keep an answer that is wrong."""
        with self._lock:
            self.wrong.append(f"{self.clock.now_s():.0f} s: {what}")

    @contextmanager
    def server_away(self, grace_s: float) -> Iterator[None]:
        """A time in which calls may fail, and `grace_s` after it, for calls that began in it."""
        started_s = self.clock.now_s()
        try:
            yield
        finally:
            self.away.append((started_s, self.clock.now_s() + grace_s))

    def unexpected(self) -> list[Failure]:
        """Failures while the server was not away."""
        return [
            failure
            for failure in self.failures
            if not any(first <= failure.moment_s <= last for first, last in self.away)
        ]
