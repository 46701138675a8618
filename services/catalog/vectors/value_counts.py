"""How many rows have each value of a column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest


@dataclass(frozen=True, slots=True)
class CountedColumns:
    """The columns of which values are counted together; a row with a value in several of them counts once.

    Attributes:
        columns: text columns, one flag, or one column of tokens.
        prefix: of the tokens to count, "" for other columns. Values are counted without it, empty ones not.
        merged: values, each with the one that it is counted as.
    """

    columns: tuple[str, ...]
    prefix: str = ""
    merged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value and the number of rows that have it; `item_id` is one of them. Flags are "true" and "false"."""

    value: str
    count: int
    item_id: str


def most_frequent(counts: Iterable[ValueCount], max_values: int) -> list[ValueCount]:
    """The first `max_values` by falling count; equal counts are ordered by value."""
    return nsmallest(max_values, counts, key=lambda counted: (-counted.count, counted.value))
