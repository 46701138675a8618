"""The call that is being served: its request id, principal and deadline."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass

from domain.errors import DeadlineExceeded
from domain.types import DEFAULT_PRINCIPAL, Principal

DEADLINE_PASSED = "the call's deadline passed before its work was done"


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `deadline` is in seconds of `time.monotonic`, or None if the caller set none."""

    request_id: str
    principal: Principal = DEFAULT_PRINCIPAL
    deadline: float | None = None

    def check_deadline(self) -> None:
        """Raise DeadlineExceeded if the deadline has passed."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise DeadlineExceeded(DEADLINE_PASSED)


BACKGROUND = Call(request_id="")
"""The call of background work."""

CURRENT_CALL: ContextVar[Call] = ContextVar("current_call", default=BACKGROUND)
"""The call of the running task; the edge sets it."""
