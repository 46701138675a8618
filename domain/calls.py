"""The call that is being served: its request id, principal and deadline."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace

from domain.errors import DeadlineExceeded
from domain.pixel_rates import NO_PIXEL_RATES, PixelRates
from domain.spans import Span, Trace, TracedWork
from domain.types import DEFAULT_PRINCIPAL, Principal

DEADLINE_PASSED = "the call's deadline passed before its work was done"


NO_SPAN = nullcontext()


@dataclass(frozen=True, slots=True)
class Call:
    """One call.

    Attributes:
        method: its name, such as "CreateProduct"; "" for background work.
        end_user: for whom the caller calls, if it says so; "" otherwise.
        deadline: in seconds of `time.monotonic`, or None if the caller set none.
        trace: None if the call is not traced.
        rates: how many pixels tenants may send. Background work has been counted when it was asked for.
    """

    request_id: str
    principal: Principal = DEFAULT_PRINCIPAL
    deadline: float | None = None
    trace: Trace | None = None
    method: str = ""
    end_user: str = ""
    rates: PixelRates = NO_PIXEL_RATES

    def of_caller(self, principal: Principal, end_user: str = "") -> Call:
        """The same call once its caller is known; every call makes one, and `replace` takes longer."""
        return Call(self.request_id, principal, self.deadline, self.trace, self.method, end_user, self.rates)

    @property
    def counts_pixels(self) -> bool:
        """Whether the caller may not send as many pixels as it likes."""
        return self.rates.limits_pixels(self.principal.tenant_id)

    async def take_pixels(self, pixels: int) -> None:
        """Count pixels that the caller asks to work on. Raises as `PixelRates.take_pixels`."""
        await self.rates.take_pixels(self.principal.tenant_id, pixels)

    def span(self, name: str, **attributes: str | int | float) -> AbstractContextManager[None]:
        """For a `with` block that is a span of the call's trace, if it has one."""
        return NO_SPAN if self.trace is None else Span(self.trace, name, attributes)

    def until_deadline_s(self, seconds: float) -> float:
        """These seconds, or those until the deadline if they are fewer."""
        return seconds if self.deadline is None else min(seconds, max(0.0, self.deadline - time.monotonic()))

    def check_deadline(self) -> None:
        """Raise DeadlineExceeded if the deadline has passed."""
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise DeadlineExceeded(DEADLINE_PASSED)


BACKGROUND = Call(request_id="")
"""The call of background work."""

CURRENT_CALL: ContextVar[Call] = ContextVar("current_call", default=BACKGROUND)
"""The call of the running task; the edge sets it."""


@contextmanager
def background_work(traced: TracedWork, name: str) -> Iterator[None]:
    """A `with` block that is background work, with a trace of its own if `traced` gives it one."""
    with traced(name) as trace:
        if trace is None:
            yield
            return
        token = CURRENT_CALL.set(replace(BACKGROUND, trace=trace))
        try:
            yield
        finally:
            CURRENT_CALL.reset(token)
