"""Texts as small integers: dictionary encoding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Codes: TypeAlias = npt.NDArray[np.int32]
Mask: TypeAlias = npt.NDArray[np.bool_]

_MIN_KEPT = 1024
"""The minimum number of texts before unused ones are removed."""


class TextCodes:
    """Integer codes of the texts in columns. Not thread-safe."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._texts: list[str] = []
        self._max_texts = _MIN_KEPT

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, code: int) -> str:
        return self._texts[code]

    def encode(self, texts: Sequence[str]) -> list[int]:
        """The codes of texts; new texts get new codes."""
        codes = [self._codes.get(text, -1) for text in texts]
        if -1 in codes:
            for text in texts:
                if text not in self._codes:
                    self._codes[text] = len(self._texts)
                    self._texts.append(text)
            codes = [self._codes[text] for text in texts]
        return codes

    def mask(self, column: Codes, texts: Iterable[str]) -> Mask:
        """Whether each value of a column, of any shape, is one of the texts: bool of the same shape."""
        codes = [self._codes[text] for text in texts if text in self._codes]
        if not codes:
            return np.zeros(column.shape, np.bool_)
        if len(codes) == 1:
            return np.equal(column, codes[0])
        wanted = np.zeros(max(1, len(self._texts)), np.bool_)
        wanted[codes] = True
        return np.take(wanted, column)

    def merged(self, pairs: Iterable[tuple[str, str]]) -> Codes:
        """(C,) by code: the one code of all that count as one; pairs are a text and what it counts as."""
        merged = np.arange(len(self._texts), dtype=np.int32)
        shared: dict[str, int] = {}
        for text, other in pairs:
            for each in (other, text):
                if (code := self._codes.get(each)) is not None:
                    merged[code] = shared.setdefault(other, code)
        return merged

    def drop_unused(self, columns: Sequence[Codes]) -> None:
        """Remove texts that no column has, and renumber the columns in place.

        It does nothing until there are twice as many texts as after the last removal.
        """
        if len(self._texts) <= self._max_texts:
            return
        used = np.zeros(len(self._texts), np.bool_)
        for column in columns:
            used[column] = True
        renumbered = np.cumsum(used, dtype=np.int32) - 1
        for column in columns:
            column[:] = renumbered[column]
        self._texts = [text for text, kept in zip(self._texts, used, strict=True) if kept]
        self._codes = {text: code for code, text in enumerate(self._texts)}
        self._max_texts = max(_MIN_KEPT, 2 * len(self._texts))
