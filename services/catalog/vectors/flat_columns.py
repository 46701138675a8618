"""The columns of a flat index, and the evaluation of predicates."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

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
from services.catalog.vectors.row import Columns, Value, VectorRow
from services.catalog.vectors.text_codes import Codes, Mask, TextCodes
from services.catalog.vectors.value_counts import CountedColumns, ValueCount, most_frequent
from services.catalog.vectors.vector_blocks import Indices

_COMPARE = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


class FlatColumns:
    """The values of rows 0 to `capacity - 1`, one array for each column. Not thread-safe."""

    def __init__(self, columns: Columns) -> None:
        self.output = columns.output
        self._codes = TextCodes()
        self._texts = {name: np.zeros(0, np.int32) for name in ("tenant_id", *columns.texts)}
        self._numbers = {name: np.zeros(0, np.float64) for name in columns.numbers}
        self._flags = {name: np.zeros(0, np.bool_) for name in columns.flags}
        self._tokens = {name: np.zeros((0, 0), np.int32) for name in columns.tokens}
        """(capacity, W) each; rows with fewer than W tokens are filled with the code of the empty text."""

    def reserve(self, capacity: int) -> None:
        """Increase the capacity to `capacity` rows if it is smaller."""
        for group in self._groups():
            for name, column in group.items():
                if len(column) < capacity:
                    group[name] = np.concatenate(
                        [column, np.zeros((capacity - len(column), *column.shape[1:]), column.dtype)]
                    )

    def write(self, indices: Indices, rows: Sequence[VectorRow]) -> None:
        """Store the values of N rows at the row numbers (N,)."""
        encode = self._codes.encode
        self._texts["tenant_id"][indices] = encode([row.tenant_id for row in rows])
        for name in self._texts.keys() - {"tenant_id"}:
            self._texts[name][indices] = encode([str(row.values[name]) for row in rows])
        for group in (self._numbers, self._flags):
            for name, column in group.items():
                column[indices] = [row.values[name] for row in rows]
        for name in self._tokens:
            self._write_tokens(name, indices, [row.tokens(name) for row in rows])

    def _write_tokens(self, name: str, indices: Indices, sets: Sequence[Sequence[str]]) -> None:
        """Store the sets of N rows, in a wider column if one has more tokens than any before."""
        (empty,) = self._codes.encode([""])
        column, width = self._tokens[name], max(map(len, sets))
        if width > column.shape[1]:
            wider = np.full((len(column), width), empty, np.int32)
            wider[:, : column.shape[1]] = column
            self._tokens[name] = column = wider
        column[indices] = empty
        for index, tokens in zip(indices, sets, strict=True):
            column[index, : len(tokens)] = self._codes.encode(tokens)

    def move(self, sources: Indices, targets: Indices) -> None:
        """Copy the values of rows (N,) to other rows (N,)."""
        for group in self._groups():
            for column in group.values():
                column[targets] = column[sources]

    def drop_unused_texts(self, count: int) -> None:
        """Remove texts that none of the first `count` rows has, once there are enough of them."""
        columns = (*self._texts.values(), *self._tokens.values())
        self._codes.drop_unused([codes[:count] for codes in columns])

    def text(self, name: str, index: int) -> str:
        return self._codes.text(self._texts[name][index])

    def groups(self, name: str, indices: Indices) -> tuple[Codes, int]:
        """The codes (N,) of a text column of the rows (N,), and the code of rows without a text."""
        (empty,) = self._codes.encode([""])
        return self._texts[name][indices], empty

    def count_values(
        self, counted: CountedColumns, rows: Indices, ids: Sequence[str], max_values: int
    ) -> list[ValueCount]:
        """The most frequent values of the rows (N,); `ids` has the item id of every row number."""
        if counted.columns[0] in self._flags:
            return self._count_flag(counted.columns[0], rows, ids, max_values)
        counts = np.zeros(len(self._codes), np.int64)
        example = np.zeros(len(self._codes), np.intp)
        merged = dict(counted.merged)
        for codes, mask in self._counted_codes(counted, rows):
            counts += np.bincount(codes[mask], minlength=len(counts))
            example[codes[mask]] = rows[mask]
        texts = ((self._codes.text(int(code)), code) for code in np.flatnonzero(counts))
        found = ((merged.get(text, text), code) for text, code in texts)
        start = len(counted.prefix)
        values = (
            ValueCount(text[start:], int(counts[code]), ids[example[code]])
            for text, code in found
            if len(text) > start and text.startswith(counted.prefix)
        )
        return most_frequent(values, max_values)

    def _counted_codes(self, counted: CountedColumns, rows: Indices) -> Iterator[tuple[Codes, Mask]]:
        """The codes (N,) of each column, and which of them no column before has in the same row.

        Values that are counted as one have one code.
        """
        columns: list[Codes] = []
        for name in counted.columns:
            columns += [self._texts[name]] if name in self._texts else list(self._tokens[name].T)
        before: list[Codes] = []
        merged = self._codes.merged(counted.merged) if counted.merged else None
        for column in columns:
            codes = column[rows] if merged is None else merged[column[rows]]
            yield codes, ~_any([codes == other for other in before], len(rows))
            before.append(codes)

    def _count_flag(self, name: str, rows: Indices, ids: Sequence[str], max_values: int) -> list[ValueCount]:
        flags = self._flags[name][rows]
        parts = (("true", rows[flags]), ("false", rows[~flags]))
        return most_frequent(
            (ValueCount(value, len(part), ids[part[0]]) for value, part in parts if len(part)), max_values
        )

    def values(self, index: int) -> dict[str, Value]:
        """The values of a row by column, including its tenant."""
        texts = {name: self.text(name, index) for name in self._texts}
        numbers = {name: float(column[index]) for name, column in self._numbers.items()}
        flags = {name: bool(column[index]) for name, column in self._flags.items()}
        tokens = {name: self._token_set(column[index]) for name, column in self._tokens.items()}
        return {**texts, **numbers, **flags, **tokens}

    def _token_set(self, codes: Codes) -> tuple[str, ...]:
        return tuple(filter(None, map(self._codes.text, codes)))

    def mask(self, predicate: Predicate, count: int, indices: Mapping[str, int]) -> Mask:
        """(count,) bool: whether each row passes the predicate; `indices` has the row numbers by item id."""
        match predicate:
            case TextIn():
                columns = [self._texts[name][:count] for name in predicate.columns]
                return _any([self._codes.mask(column, predicate.texts) for column in columns], count)
            case TokenIn():
                column = self._tokens[predicate.column][:count]
                return np.asarray(self._codes.mask(column, predicate.tokens).any(axis=1))
            case BoolIn():
                return np.isin(self._flags[predicate.column][:count], predicate.values)
            case Comparison():
                compare = _COMPARE[predicate.operator]
                return np.asarray(compare(self._numbers[predicate.column][:count], predicate.number))
            case NotItem():
                others = np.ones(count, np.bool_)
                if predicate.item_id in indices:
                    others[indices[predicate.item_id]] = False
                return others
            case AllOf():
                return _all([self.mask(part, count, indices) for part in predicate.parts], count)
            case AnyOf():
                return _any([self.mask(part, count, indices) for part in predicate.parts], count)
            case NoneOf():
                return ~_any([self.mask(part, count, indices) for part in predicate.parts], count)

    def _groups(self) -> tuple[dict[str, npt.NDArray[Any]], ...]:
        return self._texts, self._numbers, self._flags, self._tokens


def _all(masks: list[Mask], count: int) -> Mask:
    """The conjunction of the masks, written to the first."""
    if not masks:
        return np.ones(count, np.bool_)
    for mask in masks[1:]:
        masks[0] &= mask
    return masks[0]


def _any(masks: list[Mask], count: int) -> Mask:
    """The disjunction of the masks, written to the first."""
    if not masks:
        return np.zeros(count, np.bool_)
    for mask in masks[1:]:
        masks[0] |= mask
    return masks[0]
