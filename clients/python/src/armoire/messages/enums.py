"""Names of the protos' enums, and the words that this package has for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from armoire.v1 import types_pb2
from armoire.values.types import Priority, QualityIssue, ValueSource, WireEnum

E = TypeVar("E", bound=WireEnum)


def enum_reader(kind: type[E], members: Iterable[tuple[str, int]], prefix: str) -> Callable[[int], E]:
    """A function that turns the numbers of a proto enum into members of `kind`, which have the same names.

    `members` are the proto's, whose names begin with `prefix`; for a number that `kind` lacks the function
    returns `kind["UNKNOWN"]`.
    """
    unknown = kind["UNKNOWN"]
    by_number = {number: kind.__members__.get(name.removeprefix(prefix), unknown) for name, number in members}
    return lambda number: by_number.get(number, unknown)


def priority_to_proto(priority: Priority) -> str:
    return f"PRIORITY_{Priority(priority).name}"


issue_from_proto = enum_reader(QualityIssue, types_pb2.QualityIssue.items(), "QUALITY_ISSUE_")
value_source_from_proto = enum_reader(ValueSource, types_pb2.ValueSource.items(), "VALUE_SOURCE_")


def issues_from_proto(numbers: Iterable[int]) -> tuple[QualityIssue, ...]:
    return tuple(map(issue_from_proto, numbers))
