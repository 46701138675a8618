"""Search filters: their values, and the short text that people write them in.

    category=dress,color=red|blue,price<50,brand!="Smith, Sons"
    price<50,(category=dress)|(category=skirt,color=red),!(label=bag)

Commas separate conditions that must all hold. `field=a|b` holds where the field has one of the values,
`field!=a|b` where it has none of them; `<`, `<=`, `>` and `>=` compare with a number or, written as in
ISO 8601, with a time: `create_time>=2026-11-01`. Of groups in
parentheses with bars between them at least one must hold; a group after `!` must not hold. A value that holds
a comma, a bar, a comparison sign, a parenthesis or a blank at its ends goes in single or double quotes; a
backslash keeps the next character as it is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from armoire.errors import FieldViolation, InvalidInput

_FIELD = re.compile(r"\w+(?:\.[\w-]+)*")
_OPERATOR = re.compile(r"<=|>=|!=|<|>|=")
_QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\])*)\1""", re.DOTALL)
_BARE = re.compile(r"""[^\s,|<>=()"'](?:[^,|<>=()]*[^\s,|<>=()])?""")
_BLANKS = re.compile(r"\s*")
_MAX_DEPTH = 16
_BOUNDS = {"<": "less_than", "<=": "at_most", ">": "more_than", ">=": "at_least"}


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field has one of these values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The field lies within the bounds that are set."""

    at_least: float | None = None
    more_than: float | None = None
    at_most: float | None = None
    less_than: float | None = None


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The time lies within the bounds that are set; bounds without a time zone are in UTC."""

    at_least: datetime | None = None
    more_than: datetime | None = None
    at_most: datetime | None = None
    less_than: datetime | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one field, such as `category`, `price`, `create_time` or `product.material`."""

    field: str
    test: AnyOf | NumberRange | TimeRange


@dataclass(frozen=True, slots=True)
class Filter:
    """All `conditions` hold, at least one of `any_of`, none of `none_of`, and all of `all_of`.

    Parts that are empty do not count; `all_of` takes several `any_of` groups.
    """

    conditions: tuple[Condition, ...] = ()
    any_of: tuple[Filter, ...] = ()
    none_of: tuple[Filter, ...] = ()
    all_of: tuple[Filter, ...] = ()


def parse_where(text: str) -> Filter:
    """The filter written in `text`; an empty one where it is blank.

    Raises:
        InvalidInput: with reason WHERE_SYNTAX, pointing at the offending part.
    """
    return _Reader(text).filter() if text.strip() else Filter()


class _Reader:
    """Reads one filter text from left to right; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._skip_blanks()

    def filter(self) -> Filter:
        found = self._terms()
        if self._at < len(self._text):
            self._complain("expected ',' and another condition here, or quotes around the value")
        return found

    def _terms(self) -> Filter:
        conditions: list[Condition] = []
        excluded: list[Filter] = []
        groups: list[tuple[Filter, ...]] = []
        while True:
            if self._take_sign("!"):
                excluded.append(self._group())
            elif self._text.startswith("(", self._at):
                groups.append(self._groups())
            else:
                condition, holds = self._condition()
                if holds:
                    conditions.append(condition)
                else:
                    excluded.append(Filter((condition,)))
            if not self._take_sign(","):
                return _combined(conditions, excluded, groups)

    def _groups(self) -> tuple[Filter, ...]:
        found = [self._group()]
        while self._take_sign("|"):
            found.append(self._group())
        return tuple(found)

    def _group(self) -> Filter:
        if not self._take_sign("("):
            self._complain("expected a group in parentheses here")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self._complain(f"groups may nest {_MAX_DEPTH} deep")
        found = self._terms()
        if not self._take_sign(")"):
            self._complain("expected ',' or the ')' that closes the group here")
        self._depth -= 1
        return found

    def _condition(self) -> tuple[Condition, bool]:
        """The condition, and whether it must hold or must not."""
        field = self._take(_FIELD, "expected the name of a field here, such as category")
        operator = self._take(_OPERATOR, f"expected =, !=, <, <=, > or >= after {field!r}")
        test = self._values() if operator in ("=", "!=") else self._bound(operator)
        return Condition(field, test), operator != "!="

    def _values(self) -> AnyOf:
        values = [self._value()]
        while self._take_sign("|"):
            values.append(self._value())
        return AnyOf(tuple(values))

    def _bound(self, operator: str) -> NumberRange | TimeRange:
        start = self._at
        word = self._value()
        bound, number, moment = _BOUNDS[operator], _number(word), _moment(word)
        if number is not None:
            return NumberRange(**{bound: number})
        if moment is None:
            problem = f"expected a number or a time such as 2026-11-01 after {operator}"
            self._complain(problem, start, len(word))
        return TimeRange(**{bound: moment})

    def _value(self) -> str:
        if self._text[self._at : self._at + 1] in ('"', "'"):
            quoted = self._take(_QUOTED, "this quote is never closed")
            return re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL)
        return self._take(_BARE, "expected a value here")

    def _take(self, pattern: re.Pattern[str], complaint: str) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            self._complain(complaint)
        self._at = found.end()
        self._skip_blanks()
        return found.group()

    def _take_sign(self, sign: str) -> bool:
        if not self._text.startswith(sign, self._at):
            return False
        self._at += len(sign)
        self._skip_blanks()
        return True

    def _skip_blanks(self) -> None:
        blanks = _BLANKS.match(self._text, self._at)
        self._at = blanks.end() if blanks else self._at

    def _complain(self, problem: str, at: int | None = None, length: int = 1) -> NoReturn:
        at = self._at if at is None else at
        marker = " " * at + "^" * max(length, 1)
        raise InvalidInput(
            f"where: {problem}\n  {self._text}\n  {marker}",
            code="INVALID_ARGUMENT",
            reason="WHERE_SYNTAX",
            violations=[FieldViolation("where", f"{problem} (character {at + 1})")],
        )


def _number(word: str) -> float | None:
    """None if the word is no finite number."""
    try:
        number = float(word)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(word: str) -> datetime | None:
    """None if the word is no date or time of ISO 8601."""
    try:
        return datetime.fromisoformat(word)
    except ValueError:
        return None


def _combined(
    conditions: list[Condition], excluded: list[Filter], groups: list[tuple[Filter, ...]]
) -> Filter:
    """`any_of` says one choice between groups; several choices are filters of their own."""
    single = groups[0] if len(groups) == 1 else ()
    several = tuple(Filter(any_of=group) for group in groups) if len(groups) > 1 else ()
    return Filter(tuple(conditions), single, tuple(excluded), several)
