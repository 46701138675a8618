"""What stands between an export and the store."""

from __future__ import annotations

from collections.abc import Mapping

from export.errors import GateFailure
from models.parity import Bound, Precision, Task, possible_bounds


def require(
    task: Task, figures: Mapping[str, float], advice: Mapping[str, str], precision: Precision = "fp32"
) -> None:
    """Raise GateFailure for the first figure out of bounds. `advice` says by figure what to do about it."""
    for name, value in figures.items():
        bound = possible_bounds(task, precision)[name]
        if not bound.holds(value):
            hint = advice.get(name, "the graph does not reproduce the network")
            raise GateFailure(f"{name} is {value:.6g}, must be {bound}: {hint}")


def table(task: Task, figures: Mapping[str, float], precision: Precision = "fp32") -> str:
    """The figures, one a line, with their bounds."""
    known = possible_bounds(task, precision)
    return "\n".join(_line(name, value, known.get(name)) for name, value in figures.items())


def _line(name: str, value: float, bound: Bound | None) -> str:
    verdict = "unknown" if bound is None else "ok" if bound.holds(value) else "FAILED"
    return f"  {name:<34} {value:>14.6g}   {'' if bound is None else str(bound):<12} {verdict}"
