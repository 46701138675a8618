"""Counts of filterable values in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from services.catalog.sql.tables import FacetValuesRow
from services.catalog.sql.upsert import table_of
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
from services.catalog.vectors.row import Columns
from services.catalog.vectors.value_counts import CountedColumns, ValueCount, most_frequent

_ROW = table_of(FacetValuesRow)
_COMPARE = {
    ">=": ColumnElement.__ge__,
    ">": ColumnElement.__gt__,
    "<=": ColumnElement.__le__,
    "<": ColumnElement.__lt__,
}
Condition: TypeAlias = ColumnElement[bool]


class FacetCounts:
    """Counts the values of rows that pass a predicate, as a `VectorIndex` with the same columns does.

    One statement reads the rows that pass once, with the columns that are counted, and counts each of these.
    Values are compared byte by byte, so that equal counts are ordered as Python orders texts.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def read(
        self,
        session: Session,
        collection: str,
        predicate: Predicate,
        counted: Sequence[CountedColumns],
        max_values: int,
    ) -> list[list[ValueCount]]:
        """See `VectorIndex.count_values`."""
        dialect = _Dialect(session.get_bind().dialect.name == "sqlite")
        passing = self._passing(dialect, collection, predicate, counted)
        parts = [
            self._values(dialect, passing, place, each, max_values) for place, each in enumerate(counted)
        ]
        found: list[list[ValueCount]] = [[] for _ in counted]
        for place, value, count, item_id in session.execute(union_all(*parts)):
            text = value.removeprefix(counted[place].prefix)
            found[place].append(ValueCount(text, count, item_id))
        return [most_frequent(values, max_values) for values in found]

    def _passing(
        self, dialect: _Dialect, collection: str, predicate: Predicate, counted: Sequence[CountedColumns]
    ) -> CTE:
        """The rows that pass, with their ids and, for each of `counted`, its columns as they are counted."""
        columns = [
            self._column(dialect, name, dict(each.merged)).label(_label(place, name))
            for place, each in enumerate(counted)
            for name in each.columns
        ]
        of_collection = (_ROW.c.collection == collection, dialect.condition(predicate))
        return select(_ROW.c.item_id, *columns).where(*of_collection).cte("passing")

    def _column(self, dialect: _Dialect, name: str, merged: Mapping[str, str]) -> ColumnElement[Any]:
        if name in self._columns.tokens:
            return dialect.tokens(name)
        column = dialect.flag(name) if name in self._columns.flags else dialect.text(name)
        return case(merged, value=column, else_=column) if merged else column

    def _values(
        self, dialect: _Dialect, passing: CTE, place: int, counted: CountedColumns, max_values: int
    ) -> Select[Any]:
        """The most frequent values of `counted` with their counts and an item each."""
        rows = self._single_values(dialect, passing, place, counted).subquery()
        value, count = rows.c.value, func.count()
        query = select(
            literal(place).label("place"),
            value,
            count.label("count"),
            func.min(rows.c.item_id).label("item_id"),
        )
        query = query.where(value != "", value != counted.prefix).group_by(value)
        best = query.order_by(count.desc(), dialect.byte_order(value)).limit(max_values).subquery()
        return select(best)

    def _single_values(self, dialect: _Dialect, passing: CTE, place: int, counted: CountedColumns) -> Any:
        """The values of each row that passes, each with the item's id; a row has each value once."""
        columns = [passing.c[_label(place, name)] for name in counted.columns]
        if counted.columns[0] in self._columns.tokens:
            token = dialect.each(columns[0])
            has_prefix = func.substr(token.c.value, 1, len(counted.prefix)) == counted.prefix
            joined = select(passing.c.item_id, token.c.value.label("value"))
            return joined.select_from(passing).join(token, true()).where(has_prefix)
        return union_all(
            *(
                select(passing.c.item_id, column.label("value")).where(
                    *(column != before for before in columns[:number])
                )
                for number, column in enumerate(columns)
            )
        )


def _label(place: int, name: str) -> str:
    return f"{place} {name}"


class _Dialect:
    """How a database reads the documents: JSON on SQLite, JSONB on PostgreSQL."""

    def __init__(self, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite

    def text(self, name: str) -> ColumnElement[str]:
        """ "" where a row has no such text."""
        return func.coalesce(_ROW.c.document[name].as_string(), "")

    def number(self, name: str) -> ColumnElement[float]:
        column: ColumnElement[float] = _ROW.c.document[name].as_float()
        return column

    def flag(self, name: str) -> ColumnElement[str]:
        """ "true" or "false"."""
        if self._is_sqlite:
            return func.iif(_ROW.c.document[name].as_boolean(), "true", "false")
        column: ColumnElement[str] = _ROW.c.document[name].as_string()
        return column

    def tokens(self, name: str) -> ColumnElement[Any]:
        """An array as JSON; null where there are none."""
        if self._is_sqlite:
            return func.json_extract(_ROW.c.document, f"$.{name}")
        return _ROW.c.document[name]

    def each(self, array: ColumnElement[Any]) -> FromClause:
        """The texts of an array, in rows with the column `value`."""
        function = func.json_each if self._is_sqlite else func.jsonb_array_elements_text
        return function(array).table_valued("value")

    def byte_order(self, text: ColumnElement[str]) -> ColumnElement[str]:
        return text if self._is_sqlite else text.collate("C")

    def condition(self, predicate: Predicate) -> Condition:
        """The predicate in SQL; never null."""
        match predicate:
            case TextIn():
                return or_(*(self._text(name).in_(predicate.texts) for name in predicate.columns))
            case TokenIn():
                tokens = self.each(self.tokens(predicate.column))
                return select(tokens.c.value).where(tokens.c.value.in_(predicate.tokens)).exists()
            case BoolIn():
                return self.flag(predicate.column).in_([str(value).lower() for value in predicate.values])
            case Comparison():
                return _COMPARE[predicate.operator](self.number(predicate.column), predicate.number)
            case NotItem():
                return _ROW.c.item_id != predicate.item_id
            case AllOf():
                return and_(true(), *map(self.condition, predicate.parts))
            case AnyOf():
                return or_(false(), *map(self.condition, predicate.parts))
            case NoneOf():
                return not_(or_(false(), *map(self.condition, predicate.parts)))

    def _text(self, name: str) -> ColumnElement[str]:
        return _ROW.c.tenant_id if name == "tenant_id" else self.text(name)
