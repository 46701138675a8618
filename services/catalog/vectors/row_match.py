"""The evaluation of predicates on one row, as the index evaluates them on all."""

from __future__ import annotations

import operator

from services.catalog.vectors.predicates import (
    AllOf,
    AnyOf,
    BoolIn,
    Comparison,
    NoneOf,
    NotItem,
    Predicate,
    TextIn,
    TokenIn,
)
from services.catalog.vectors.row import VectorRow

_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


def matches(predicate: Predicate, row: VectorRow) -> bool:
    """Whether the row passes the predicate."""
    match predicate:
        case TextIn():
            return any(_text(row, name) in predicate.texts for name in predicate.columns)
        case TokenIn():
            return not set(predicate.tokens).isdisjoint(row.tokens(predicate.column))
        case BoolIn():
            return row.values[predicate.column] in predicate.values
        case Comparison():
            return bool(_COMPARE[predicate.operator](row.values[predicate.column], predicate.number))
        case NotItem():
            return row.id != predicate.item_id
        case AllOf():
            return all(matches(part, row) for part in predicate.parts)
        case AnyOf():
            return any(matches(part, row) for part in predicate.parts)
        case NoneOf():
            return not any(matches(part, row) for part in predicate.parts)


def _text(row: VectorRow, name: str) -> object:
    return row.tenant_id if name == "tenant_id" else row.values[name]
