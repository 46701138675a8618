"""Results as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from armoire.filters import AnyOf, Condition, Filter
from armoire.values.types import AttributeValue, Box, ColorShare, ScoredValue


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under headers, in columns as wide as they need to be."""
    cells = [[*headers], *([_cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def counted(count: int, noun: str, plural: str = "") -> str:
    """Such as "1 photo" or "2 photos"; the plural has an "s" more unless it is given."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def filter_text(filter: Filter) -> str:
    """What words were understood to ask for: conditions with values, and `none_of`; "" where it is empty."""
    asked = [f"{each.field}={_values_text(each)}" for each in filter.conditions]
    excluded = [
        f"{each.field}!={_values_text(each)}" for other in filter.none_of for each in other.conditions
    ]
    return ", ".join([*asked, *excluded])


def _values_text(condition: Condition) -> str:
    return "|".join(condition.test.values) if isinstance(condition.test, AnyOf) else ""


def attributes_text(attributes: Mapping[str, AttributeValue]) -> str:
    """The values, without the category that the label already says."""
    return ", ".join(_answer_text(name, answer) for name, answer in attributes.items() if name != "category")


def categories_text(categories: Iterable[ScoredValue]) -> str:
    return ", ".join(f"{category.value} {category.score:.0%}" for category in categories)


def colors_text(colors: Iterable[ColorShare]) -> str:
    return ", ".join(f"{color.name} {color.fraction:.0%}" for color in colors)


def box_text(box: Box) -> str:
    """The sides x1 y1 x2 y2 in whole pixels."""
    return " ".join(f"{side:.0f}" for side in box.xyxy)


def _answer_text(name: str, answer: AttributeValue) -> str:
    if answer.number is not None:
        return f"{name} {answer.number:g}"
    return " + ".join(each.value for each in answer.values)
