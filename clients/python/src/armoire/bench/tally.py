"""What became of the calls."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


def _floats() -> array[float]:
    return array("f")


@dataclass(slots=True)
class Tally:
    """Counts calls that fell due between two times of the monotonic clock.

    Latencies are of the calls that went well, from when each was due; `late_ms` is how long after that
    each was sent. `answered` are good answers that came between the two times, whenever their calls fell
    due; `replies` are all good answers, before and after too. `held_back` calls found every client busy
    and were sent late; `not_sent` ones were still waiting at the end. `examples` has a message for each
    kind of error. `cores` is the CPU this took.
    """

    begin_s: float
    end_s: float
    latencies_ms: array[float] = field(default_factory=_floats)
    late_ms: array[float] = field(default_factory=_floats)
    errors: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    answered: int = 0
    replies: int = 0
    held_back: int = 0
    not_sent: int = 0
    request_bytes: int = 0
    reply_bytes: int = 0
    cores: float = 0.0

    @property
    def seconds(self) -> float:
        return max(self.end_s - self.begin_s, 0.0)

    @property
    def calls(self) -> int:
        """How many were answered, well or not."""
        return len(self.latencies_ms) + self.errors.total()

    def counts(self, due_s: float) -> bool:
        return self.begin_s <= due_s < self.end_s

    def add_answer(
        self, due_s: float, sent_s: float, done_s: float, request_bytes: int, reply_bytes: int
    ) -> None:
        self.replies += 1
        if self.counts(done_s):
            self.answered += 1
        if self.counts(due_s):
            self.latencies_ms.append((done_s - due_s) * 1e3)
            self.late_ms.append((sent_s - due_s) * 1e3)
            self.request_bytes += request_bytes
            self.reply_bytes += reply_bytes

    def add_error(self, due_s: float, code: str, message: str) -> None:
        if self.counts(due_s):
            self.errors[code] += 1
            self.examples.setdefault(code, message)

    def add(self, other: Tally) -> None:
        """Takes in what another process counted over the same time. No figure is an average of averages."""
        self.begin_s, self.end_s = min(self.begin_s, other.begin_s), max(self.end_s, other.end_s)
        self.latencies_ms.extend(other.latencies_ms)
        self.late_ms.extend(other.late_ms)
        self.errors.update(other.errors)
        self.examples = {**other.examples, **self.examples}
        for name in ("answered", "replies", "held_back", "not_sent", "request_bytes", "reply_bytes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.cores = max(self.cores, other.cores)


def percentile(values: Iterable[float], percent: float) -> float | None:
    """The nearest rank: the smallest value that at least `percent` in a hundred do not exceed.

    None where there are no values.
    """
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1] if ordered else None
