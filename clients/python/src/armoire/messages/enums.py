"""Names of the protos' enums, and the words that this package has for them."""

from __future__ import annotations

from collections.abc import Iterable

from armoire.v1 import types_pb2
from armoire.values.types import Priority, QualityIssue, ValueSource


def word_of(members: Iterable[tuple[str, int]], number: int, prefix: str) -> str:
    """The name of an enum's member without its prefix; empty for one this client does not know."""
    return next((name.removeprefix(prefix) for name, value in members if value == number), "")


def priority_to_proto(priority: Priority) -> str:
    return f"PRIORITY_{Priority(priority).name}"


def issue_from_proto(number: int) -> QualityIssue:
    return QualityIssue(word_of(types_pb2.QualityIssue.items(), number, "QUALITY_ISSUE_").lower())


def issues_from_proto(numbers: Iterable[int]) -> tuple[QualityIssue, ...]:
    return tuple(map(issue_from_proto, numbers))


def value_source_from_proto(number: int) -> ValueSource:
    return ValueSource(word_of(types_pb2.ValueSource.items(), number, "VALUE_SOURCE_").lower())
