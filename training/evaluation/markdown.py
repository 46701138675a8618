"""Markdown of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Figures: TypeAlias = Mapping[str, Any]
"""The content of figures.json."""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; an empty string if there are no rows."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) if rows else ""


def interval(estimate: Mapping[str, float], digits: int = 3) -> str:
    """Write an estimate with the ends of its interval."""
    low, high = (f"{estimate[end]:.{digits}f}" for end in ("low", "high"))
    return f"{estimate['value']:.{digits}f} ({low} to {high})"


def number(value: float | None) -> str:
    """Write two decimals, or a dash for None."""
    return "–" if value is None else f"{value:.2f}"
