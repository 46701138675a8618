"""What feedback says of tastes, and how much tastes count, read from `preference_rules.toml`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput

SHIPPED_PREFERENCES = Path(__file__).with_name("preference_rules.toml")
_DAY_US = 86_400_000_000
_MAX_WEIGHT = 10.0


class FeedbackKind(StrEnum):
    """What an end user said or did."""

    LIKE = "like"
    DISLIKE = "dislike"
    WEAR = "wear"
    SKIP = "skip"


class Facet(StrEnum):
    """Something that is known of a piece, and that tastes differ in."""

    CATEGORY = "category"
    TYPE = "type"
    COLOR = "color"
    STYLE = "style"
    PATTERN = "pattern"
    FIT = "fit"
    BRAND = "brand"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class PreferenceRules:
    """The content of the file.

    Attributes:
        weights: of each kind of feedback, -10 to 10.
        half_life_days: after which feedback counts half.
        facets: the share of each facet in how well a piece suits somebody; they sum to 1.
        share: what the preference adds to an outfit's score at most, or takes away; 0 to 1.
        prior: how much feedback counts as much as knowing nothing.
        gain: of the sum over the facets, before it is bounded.
    """

    weights: Mapping[FeedbackKind, float]
    half_life_days: float
    facets: Mapping[Facet, float]
    share: float
    prior: float
    gain: float

    @property
    def half_life_us(self) -> float:
        return self.half_life_days * _DAY_US

    @classmethod
    def load(cls, path: Path) -> PreferenceRules:
        """Read and check the file.

        Raises:
            InvalidInput: the file is invalid; the field is the part of the file.
        """
        try:
            return _parse(tomllib.loads(path.read_text(encoding="utf-8")))
        except InvalidInput as error:
            raise error.within(str(path)) from None
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise InvalidInput(str(path), f"cannot be read as TOML: {error}") from error


def _parse(document: Mapping[str, Any]) -> PreferenceRules:
    weights = {kind: _number(document, "feedback", kind, -_MAX_WEIGHT, _MAX_WEIGHT) for kind in FeedbackKind}
    facets = {facet: _number(document, "facets", facet, 0.0, _MAX_WEIGHT) for facet in Facet}
    total = sum(facets.values())
    if not total:
        raise InvalidInput("facets", "must not all be 0")
    return PreferenceRules(
        weights,
        _number(document, "decay", "half_life_days", 0.01, 36_500.0),
        {facet: share / total for facet, share in facets.items()},
        _number(document, "adjustment", "share", 0.0, 1.0),
        _number(document, "adjustment", "prior", 0.01, 1000.0),
        _number(document, "adjustment", "gain", 0.01, 100.0),
    )


def _number(document: Mapping[str, Any], table: str, name: str, least: float, most: float) -> float:
    rows = document.get(table, {})
    value = rows.get(name) if isinstance(rows, Mapping) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if value is None or not is_number or not least <= value <= most:
        raise InvalidInput(f"{table}.{name}", f"must be a number from {least:g} to {most:g}")
    return float(value)
