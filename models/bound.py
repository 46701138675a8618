"""The range that a figure must lie in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict


@dataclass(frozen=True, slots=True)
class Bound:
    """A closed range; an end that is None is open. NaN lies in no range."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        if math.isnan(value):
            return False
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        ends = ((">=", self.at_least), ("<=", self.at_most))
        return " and ".join(f"{sign} {value:g}" for sign, value in ends if value is not None)
