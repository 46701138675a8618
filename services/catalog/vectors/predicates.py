"""Predicates on rows of the vector index, and their Milvus filter expressions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal[">=", ">", "<=", "<"]


@dataclass(frozen=True, slots=True)
class TextIn:
    """At least one of the columns has one of the texts."""

    columns: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TokenIn:
    """The set of texts in the column has at least one of the tokens."""

    column: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoolIn:
    """The boolean column has one of the values."""

    column: str
    values: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The number in the column compares to `number` as the operator says."""

    column: str
    operator: Operator
    number: float


@dataclass(frozen=True, slots=True)
class NotItem:
    """Every row except this one."""

    item_id: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts are true; without parts, every row passes."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part is true; without parts, no row passes."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part is true; without parts, every row passes."""

    parts: tuple[Predicate, ...]


Predicate: TypeAlias = TextIn | TokenIn | BoolIn | Comparison | NotItem | AllOf | AnyOf | NoneOf

EVERY_ROW = AllOf(())

_TRUE, _FALSE = 'id != ""', 'id == ""'
"""No row has an empty id."""


def milvus_expression(predicate: Predicate) -> str:
    """Convert a predicate to the filter language of Milvus.

    Milvus Lite has no filter templates, so values are written as escaped literals.
    """
    match predicate:
        case TextIn():
            texts = ", ".join(map(_literal, predicate.texts))
            return " or ".join(f"{column} in [{texts}]" for column in predicate.columns)
        case TokenIn():
            return f"array_contains_any({predicate.column}, [{', '.join(map(_literal, predicate.tokens))}])"
        case BoolIn():
            return f"{predicate.column} in [{', '.join(str(value).lower() for value in predicate.values)}]"
        case Comparison():
            return f"{predicate.column} {predicate.operator} {predicate.number!r}"
        case NotItem():
            return f"id != {_literal(predicate.item_id)}"
        case AllOf():
            return _joined(" and ", predicate.parts) or _TRUE
        case AnyOf():
            return _joined(" or ", predicate.parts) or _FALSE
        case NoneOf():
            return f"not ({_joined(' or ', predicate.parts) or _FALSE})"


def _joined(word: str, parts: Sequence[Predicate]) -> str:
    return word.join(f"({milvus_expression(part)})" for part in parts)


def _literal(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
