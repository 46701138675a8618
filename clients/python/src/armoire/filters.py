"""Search filters: their values, and the short text that people write them in.

    category=dress,color=red|blue,price<50,brand="Smith, Sons"

Conditions are separated by commas and must all hold. `field=a|b` holds where the field has one of the
values; `<`, `<=`, `>` and `>=` compare with a number. A value that holds a comma, a bar, a comparison
sign or a blank at its ends goes in single or double quotes; a backslash keeps the next character as it is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import NoReturn

from armoire.errors import FieldViolation, InvalidInput

_FIELD = re.compile(r"\w+")
_OPERATOR = re.compile(r"<=|>=|<|>|=")
_QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\])*)\1""", re.DOTALL)
_BARE = re.compile(r"""[^\s,|<>="'](?:[^,|<>=]*[^\s,|<>=])?""")
_BLANKS = re.compile(r"\s*")


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
class Condition:
    """One test of one field, such as `category`, `color`, `price` or `brand`."""

    field: str
    test: AnyOf | NumberRange


def parse_where(text: str) -> tuple[Condition, ...]:
    """The conditions written in `text`; none where it is blank.

    Raises:
        InvalidInput: with reason WHERE_SYNTAX, pointing at the offending part.
    """
    return _Reader(text).conditions() if text.strip() else ()


class _Reader:
    """Reads one filter text from left to right; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._skip_blanks()

    def conditions(self) -> tuple[Condition, ...]:
        found = [self._condition()]
        while self._take_sign(","):
            found.append(self._condition())
        if self._at < len(self._text):
            self._complain("expected ',' and another condition here, or quotes around the value")
        return tuple(found)

    def _condition(self) -> Condition:
        field = self._take(_FIELD, "expected the name of a field here, such as category")
        operator = self._take(_OPERATOR, f"expected =, <, <=, > or >= after {field!r}")
        return Condition(field, self._values() if operator == "=" else self._bound(operator))

    def _values(self) -> AnyOf:
        values = [self._value()]
        while self._take_sign("|"):
            values.append(self._value())
        return AnyOf(tuple(values))

    def _bound(self, operator: str) -> NumberRange:
        start = self._at
        word = self._value()
        try:
            number = float(word)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self._complain(f"expected a number after {operator}", start, len(word))
        match operator:
            case "<":
                return NumberRange(less_than=number)
            case "<=":
                return NumberRange(at_most=number)
            case ">":
                return NumberRange(more_than=number)
        return NumberRange(at_least=number)

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
