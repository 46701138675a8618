"""What goes together, read from `outfit_rules.toml`: weights, colours and garments that do or do not."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy

SHIPPED_RULES = Path(__file__).with_name("outfit_rules.toml")
_MAX_SEVERITY = 10
Pair: TypeAlias = frozenset[str]
"""Two names, in no order."""


@dataclass(frozen=True, slots=True)
class OutfitWeights:
    """The weights of the terms of an outfit's score, none below 0; `shares` sum to 1.

    Attributes:
        learned: that of a learned scorer, where there is one; None for the server's share.
    """

    color: float
    formality: float
    compatibility: float
    pattern: float
    season: float
    learned: float | None = None

    def check(self, field: str = "weights") -> None:
        """Raises InvalidInput if a weight is below 0 or not finite, or those of the rules are all 0."""
        for name, weight in (self._named | {"learned": self.learned or 0.0}).items():
            if not math.isfinite(weight) or weight < 0:
                raise InvalidInput(f"{field}.{name}", f"must not be below 0, got {weight:g}")
        if not any(self._named.values()):
            raise InvalidInput(field, "must not all be 0" + (" beside learned" if self.learned else ""))

    @property
    def shares(self) -> Mapping[str, float]:
        """By the name of its term, the share of each weight of the rules in their sum."""
        total = sum(self._named.values())
        return {name: weight / total for name, weight in self._named.items()}

    def learned_share(self, otherwise: float) -> float:
        """The share of the learned scorer in the sum of all weights; `otherwise` where none is set."""
        if self.learned is None:
            return otherwise
        return self.learned / (self.learned + sum(self._named.values()))

    @property
    def _named(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in RULE_TERMS}


RULE_TERMS = tuple(each.name for each in fields(OutfitWeights) if each.name != "learned")
"""The terms of the rules."""

OutfitWeightsOf: TypeAlias = Callable[[str], OutfitWeights | None]
"""The weights of a tenant's outfits; None for the server's."""


def no_outfit_weights(_tenant_id: str) -> None:
    """An `OutfitWeightsOf` where no tenant has weights of its own."""


@dataclass(frozen=True, slots=True)
class OutfitRules:
    """The content of the file.

    Attributes:
        severity: how often what a term lacks counts, 1 to 10; with 1 a score is the weighted mean.
    """

    weights: OutfitWeights
    severity: float
    neutrals: frozenset[str]
    classics: frozenset[Pair]
    clashes: frozenset[Pair]
    good_pairs: frozenset[Pair]
    bad_pairs: frozenset[Pair]

    @classmethod
    def load(cls, path: Path, taxonomy: Taxonomy, *, strict: bool = True) -> OutfitRules:
        """Read and check the file. Unless `strict`, names that the taxonomy does not have are left out.

        Raises:
            InvalidInput: the file is invalid; the field is the part of the file.
        """
        try:
            return _parse(tomllib.loads(path.read_text(encoding="utf-8")), taxonomy, strict)
        except InvalidInput as error:
            raise error.within(str(path)) from None
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise InvalidInput(str(path), f"cannot be read as TOML: {error}") from error


def _parse(document: Mapping[str, Any], taxonomy: Taxonomy, strict: bool) -> OutfitRules:
    colors, garments = document.get("colors", {}), document.get("garments", {})
    neutrals = _names(colors, "colors", "neutrals", taxonomy.colors, strict)
    types = {each.name for each in taxonomy.garment_types}
    classics = _pairs(colors, "colors", "classics", taxonomy.colors, strict)
    clashes = _pairs(colors, "colors", "clashes", taxonomy.colors, strict)
    good = _pairs(garments, "garments", "good_pairs", types, strict)
    bad = _pairs(garments, "garments", "bad_pairs", types, strict)
    for name, first, second in (("colors.clashes", classics, clashes), ("garments.bad_pairs", good, bad)):
        if both := first & second:
            words = " and ".join(sorted(min(both, key=sorted)))
            raise InvalidInput(name, f"must not have {words}, which go together already")
    pairs = (frozenset(each) for each in (classics, clashes, good, bad))
    return OutfitRules(_weights(document), _severity(document), frozenset(neutrals), *pairs)


def _weights(document: Mapping[str, Any]) -> OutfitWeights:
    given = document.get("weights", {})
    for name in RULE_TERMS:
        if isinstance(given.get(name), bool) or not isinstance(given.get(name), int | float):
            raise InvalidInput(f"weights.{name}", "must be a number")
    weights = OutfitWeights(*(float(given[name]) for name in RULE_TERMS))
    weights.check()
    return weights


def _severity(document: Mapping[str, Any]) -> float:
    given = document.get("severity", 1)
    if isinstance(given, bool) or not isinstance(given, int | float) or not 1 <= given <= _MAX_SEVERITY:
        raise InvalidInput("severity", f"must be a number from 1 to {_MAX_SEVERITY}")
    return float(given)


def _names(
    table: Mapping[str, Any], within: str, name: str, known: Collection[str], strict: bool
) -> list[str]:
    given = table.get(name, [])
    for index, each in enumerate(given):
        if strict and each not in known:
            raise InvalidInput(f"{within}.{name}[{index}]", f"must be a name of {within}")
    return [each for each in given if each in known]


def _pairs(
    table: Mapping[str, Any], within: str, name: str, known: Collection[str], strict: bool
) -> set[Pair]:
    pairs = set[Pair]()
    for index, row in enumerate(table.get(name, [])):
        is_pair = isinstance(row, list) and len(row) == 2
        is_known = is_pair and all(each in known for each in row)
        if not is_pair or (strict and not is_known):
            raise InvalidInput(f"{within}.{name}[{index}]", f"must be two names of {within}")
        if is_known:
            pairs.add(frozenset(row))
    return pairs
