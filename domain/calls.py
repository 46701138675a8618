"""The call being served: who makes it, under which id, and until when."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass

from domain.errors import DeadlineExceeded
from domain.types import DEFAULT_PRINCIPAL, Principal


@dataclass(frozen=True, slots=True)
class Call:
    """`deadline` is on the clock of `time.monotonic`, in seconds; None where the caller set none."""

    request_id: str
    principal: Principal = DEFAULT_PRINCIPAL
    deadline: float | None = None

    def check_deadline(self) -> None:
        """Raise DeadlineExceeded once the deadline has passed."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise DeadlineExceeded("the call's deadline passed before its work was done")


BACKGROUND = Call(request_id="")
"""What work that serves no call runs as."""

CURRENT_CALL: ContextVar[Call] = ContextVar("current_call", default=BACKGROUND)
"""Set by the edge for the task that serves a call."""
