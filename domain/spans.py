"""Spans: the named parts of a call's time, for calls that are traced."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, TypeAlias

Attributes: TypeAlias = Mapping[str, str | int | float]


class Trace(Protocol):
    """The trace of one call. Its methods may be called by any thread."""

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits."""
        ...

    def record(self, name: str, start_ns: int, end_ns: int, attributes: Attributes, error: str = "") -> None:
        """Record a span between two times of `time.time_ns`; `error` is the type of what ended it, if any."""
        ...


TracedWork: TypeAlias = Callable[[str], AbstractContextManager[Trace | None]]
"""For a `with` block that is background work of a name: its trace; None if it is not traced."""


def untraced(_name: str) -> AbstractContextManager[None]:
    """A `TracedWork` that traces nothing."""
    return nullcontext()


@dataclass(slots=True, eq=False)
class Span:
    """Records the time of a `with` block."""

    trace: Trace
    name: str
    attributes: Attributes
    _start_ns: int = field(default=0, init=False)

    def __enter__(self) -> None:
        self._start_ns = time.time_ns()

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        error = "" if kind is None else kind.__name__
        self.trace.record(self.name, self._start_ns, time.time_ns(), self.attributes, error)
