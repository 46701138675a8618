"""Filters: what the fields of every hit must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field has one of these values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The field is within the bounds that are not None."""

    at_least: float | None = None
    more_than: float | None = None
    at_most: float | None = None
    less_than: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The moment is within the bounds that are not None, in seconds since 1970."""

    bounds: Between


@dataclass(frozen=True, slots=True)
class Condition:
    """A field and its test; `test` is None if the request has no test, which is refused."""

    field: str
    test: OneOf | Between | Period | None


@dataclass(frozen=True, slots=True)
class Filter:
    """A hit matches if it passes all four groups; an empty group is ignored.

    Attributes:
        conditions: the hit meets all of these.
        any_of: the hit matches at least one of these.
        none_of: the hit matches none of these.
        all_of: the hit matches all of these. Use it to AND several `any_of` groups.
    """

    conditions: tuple[Condition, ...] = ()
    any_of: tuple[Filter, ...] = ()
    none_of: tuple[Filter, ...] = ()
    all_of: tuple[Filter, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.conditions or self.any_of or self.none_of or self.all_of)

    def nested(self) -> Iterator[tuple[str, tuple[Filter, ...]]]:
        """The groups of nested filters, each with the name of its attribute."""
        yield from (("any_of", self.any_of), ("none_of", self.none_of), ("all_of", self.all_of))

    def names(self, field: str) -> bool:
        """Whether a condition at any level tests the field."""
        nested = (each for _, filters in self.nested() for each in filters)
        return any(each.field == field for each in self.conditions) or any(
            each.names(field) for each in nested
        )


MATCH_ALL = Filter()
"""The filter that every hit matches."""
