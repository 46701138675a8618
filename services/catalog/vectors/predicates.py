"""What rows of the vector store have to meet, and how Milvus is told of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal[">=", ">", "<=", "<"]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of the columns holds one of the texts."""

    columns: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoolIn:
    """The flag is one of these."""

    column: str
    flags: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The number compares so with this one."""

    column: str
    operator: Operator
    number: float


@dataclass(frozen=True, slots=True)
class NotItem:
    """Any row but this one."""

    item_id: str


Predicate: TypeAlias = OneOf | BoolIn | Comparison | NotItem
RowFilter: TypeAlias = Sequence[Predicate]
"""All tests must hold."""


def milvus_expression(tests: RowFilter) -> str:
    """The filter in Milvus' words; Lite knows no templates, so values are escaped literals."""
    return " and ".join(map(_expression, tests))


def _expression(test: Predicate) -> str:
    match test:
        case OneOf():
            literals = ", ".join(map(_literal, test.texts))
            return f"({' or '.join(f'{column} in [{literals}]' for column in test.columns)})"
        case BoolIn():
            return f"{test.column} in [{', '.join(str(flag).lower() for flag in test.flags)}]"
        case Comparison():
            return f"{test.column} {test.operator} {test.number!r}"
        case NotItem():
            return f"id != {_literal(test.item_id)}"


def _literal(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
