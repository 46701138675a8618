"""Exact search over rows that are held in memory."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray
from services.catalog.vectors.predicates import BoolIn, Comparison, NotItem, OneOf, Predicate, RowFilter
from services.catalog.vectors.row import Columns, VectorHit, VectorRow

Mask = npt.NDArray[np.bool_]

_FIRST_ROOM = 1024
_FEWEST_TEXTS = 1024
"""Texts are not looked through for unused ones before there are so many."""
_OPERATORS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


class FlatIndex:
    """The rows of one collection as arrays: a search multiplies all vectors and looks at all columns.

    That is exact whatever the filter, and at 10,000 rows takes about a millisecond, most of it without the
    interpreter's lock. Any thread may call; calls run one after the other.

    Rows lie in places 0 to `len - 1`, in no order. Texts are kept as numbers that stand for them; those
    that no row has any more are dropped now and then.
    """

    def __init__(self, width: int, columns: Columns) -> None:
        self._lock = Lock()
        self._columns = columns
        self._ids: list[str] = []
        self._revisions: list[tuple[str, str]] = []
        self._places: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._words: list[str] = []
        """The texts by what stands for them."""
        self._max_codes = _FEWEST_TEXTS
        self._vectors = np.zeros((_FIRST_ROOM, width), np.float32)
        self._texts = {name: np.zeros(_FIRST_ROOM, np.int32) for name in ("tenant_id", *columns.texts)}
        self._numbers = {name: np.zeros(_FIRST_ROOM) for name in columns.numbers}
        self._flags = {name: np.zeros(_FIRST_ROOM, np.bool_) for name in columns.flags}

    def __len__(self) -> int:
        return len(self._ids)

    def upsert(self, rows: Iterable[VectorRow]) -> None:
        """Write rows by id."""
        with self._lock:
            for row in rows:
                self._write(self._place_of(row.id), row)
            self._forget_texts()

    def delete(self, item_ids: Iterable[str]) -> None:
        """Remove rows; ids that are not there are no error."""
        with self._lock:
            for item_id in item_ids:
                if item_id in self._places:
                    self._remove(item_id)
            self._forget_texts()

    def revisions(self) -> dict[tuple[str, str], str]:
        """Revision by (tenant, item id)."""
        with self._lock:
            return {
                (tenant_id, item_id): revision
                for item_id, (tenant_id, revision) in zip(self._ids, self._revisions, strict=True)
            }

    def search(self, vectors: Sequence[FloatArray], tests: RowFilter, max_hits: int) -> list[list[VectorHit]]:
        """The nearest rows that pass the tests, best first, for each of the vectors.

        Vectors are (D,) float32 of length one, D the scan's width; scores are their cosines, -1 to 1.
        """
        with self._lock:
            count = len(self._ids)
            passing = np.ones(count, np.bool_)
            for test in tests:
                passing &= self._passing(test, count)
            places = np.flatnonzero(passing)
            scores = np.stack(vectors) @ self._vectors[:count].T
            return [self._best(row[places], places, max_hits) for row in scores]

    def _best(self, scores: FloatArray, places: npt.NDArray[np.intp], max_hits: int) -> list[VectorHit]:
        if len(scores) > max_hits:
            nearest = np.argpartition(-scores, max_hits)[:max_hits]
            scores, places = scores[nearest], places[nearest]
        order = np.argsort(-scores, kind="stable")
        return [self._hit(places[i], float(scores[i])) for i in order]

    def _hit(self, place: int, score: float) -> VectorHit:
        texts = tuple(self._words[self._texts[name][place]] for name in self._columns.shown)
        return VectorHit(self._ids[place], score, texts)

    def _passing(self, test: Predicate, count: int) -> Mask:
        """Which of the first `count` rows pass."""
        match test:
            case OneOf():
                codes = [self._codes[text] for text in test.texts if text in self._codes]
                found = np.zeros(count, np.bool_)
                for column in test.columns:
                    found |= np.isin(self._texts[column][:count], codes)
                return found
            case BoolIn():
                return np.isin(self._flags[test.column][:count], test.flags)
            case Comparison():
                compared: Mask = _OPERATORS[test.operator](self._numbers[test.column][:count], test.number)
                return compared
            case NotItem():
                others = np.ones(count, np.bool_)
                if test.item_id in self._places:
                    others[self._places[test.item_id]] = False
                return others

    def _place_of(self, item_id: str) -> int:
        """Where the row lies, or a place made for it."""
        place = self._places.get(item_id)
        if place is None:
            place = self._places[item_id] = len(self._ids)
            if place == len(self._vectors):
                self._double()
            self._ids.append(item_id)
            self._revisions.append(("", ""))
        return place

    def _write(self, place: int, row: VectorRow) -> None:
        self._revisions[place] = (row.tenant_id, row.revision)
        self._vectors[place] = row.vector
        self._texts["tenant_id"][place] = self._code(row.tenant_id)
        for name in self._columns.texts:
            self._texts[name][place] = self._code(str(row.values[name]))
        for name in self._columns.numbers:
            self._numbers[name][place] = row.values[name]
        for name in self._columns.flags:
            self._flags[name][place] = row.values[name]

    def _code(self, text: str) -> int:
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self._words)
            self._words.append(text)
        return code

    def _forget_texts(self) -> None:
        """Drop the texts that no row has, once there are twice as many texts as were left the last time."""
        if len(self._codes) <= self._max_codes:
            return
        count, used = len(self._ids), np.zeros(len(self._codes), np.bool_)
        for column in self._texts.values():
            used[column[:count]] = True
        renumbered = np.cumsum(used, dtype=np.int32) - 1
        for column in self._texts.values():
            column[:count] = renumbered[column[:count]]
        self._words = [text for text, code in self._codes.items() if used[code]]
        self._codes = {text: int(renumbered[self._codes[text]]) for text in self._words}
        self._max_codes = max(_FEWEST_TEXTS, 2 * len(self._codes))

    def _remove(self, item_id: str) -> None:
        """The last row takes the place that falls free."""
        place, last = self._places.pop(item_id), len(self._ids) - 1
        moved, revision = self._ids.pop(), self._revisions.pop()
        if place != last:
            self._ids[place], self._revisions[place], self._places[moved] = moved, revision, place
            for array in self._arrays():
                array[place] = array[last]

    def _arrays(self) -> list[npt.NDArray[Any]]:
        columns = (self._texts, self._numbers, self._flags)
        return [self._vectors, *(array for group in columns for array in group.values())]

    def _double(self) -> None:
        self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        for group in (self._texts, self._numbers, self._flags):
            for name, array in group.items():
                group[name] = np.concatenate([array, np.zeros_like(array)])
