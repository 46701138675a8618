"""How many rows have each value of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


class ValueCounter:
    """Counts values row by row."""

    def __init__(self, counted: CountedColumns) -> None:
        self._counted = counted
        self._merged = dict(counted.merged)
        self._counts: Counter[str] = Counter()
        self._item_ids: dict[str, str] = {}

    def add(self, item_id: str, row: Mapping[str, object]) -> None:
        """Count the values of a row, given by column."""
        texts = (text for name in self._counted.columns for text in _texts(row[name]))
        for value in {self._merged.get(text, text) for text in texts}:
            if value.startswith(self._counted.prefix) and value != self._counted.prefix:
                self._counts[value] += 1
                self._item_ids.setdefault(value, item_id)

    def most_frequent(self, max_values: int) -> list[ValueCount]:
        """As `most_frequent`, of the rows so far."""
        start = len(self._counted.prefix)
        counts = (
            ValueCount(value[start:], count, self._item_ids[value]) for value, count in self._counts.items()
        )
        return most_frequent(counts, max_values)


def _texts(value: object) -> Sequence[str]:
    match value:
        case bool():
            return (str(value).lower(),)
        case str():
            return (value,)
        case list() | tuple():
            return value
    return list(value) if isinstance(value, Iterable) else ()
