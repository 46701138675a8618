"""Filters: what callers ask of the fields of hits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field has one of these values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The field lies within the bounds that are set."""

    at_least: float | None = None
    more_than: float | None = None
    at_most: float | None = None
    less_than: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A field and its test; None where the caller set no test."""

    field: str
    test: OneOf | Between | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Holds where every part that is set holds.

    Attributes:
        conditions: all of these.
        any_of: at least one of these, where there are any.
        none_of: none of these.
        all_of: all of these, which takes several groups of `any_of`.
    """

    conditions: tuple[Condition, ...] = ()
    any_of: tuple[Filter, ...] = ()
    none_of: tuple[Filter, ...] = ()
    all_of: tuple[Filter, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.conditions or self.any_of or self.none_of or self.all_of)

    def groups(self) -> Iterator[tuple[str, tuple[Filter, ...]]]:
        """The nested filters by the names of their fields."""
        yield from (("any_of", self.any_of), ("none_of", self.none_of), ("all_of", self.all_of))


EVERYTHING = Filter()
