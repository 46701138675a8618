"""A question that a tagger answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from pydantic import ConfigDict

HeadKind: TypeAlias = Literal["one", "many", "number"]
"""Exactly one of the values; any of them; or a number from 0 to 1."""


@dataclass(frozen=True, slots=True)
class TagHead:
    """A question with its values; a number has none."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    name: str
    kind: HeadKind
    values: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many of the tagger's outputs are this head's."""
        return 1 if self.kind == "number" else len(self.values)


def slices(heads: tuple[TagHead, ...]) -> list[slice]:
    """Where each head's outputs are among all, which stand in the order of the heads."""
    result, start = [], 0
    for head in heads:
        result.append(slice(start, start + head.width))
        start += head.width
    return result
