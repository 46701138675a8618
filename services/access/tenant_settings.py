"""The settings of a tenant: the weights of its searches and outfits, and its own words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from domain.outfit_rules import OutfitWeights
from domain.rank_weights import RankWeights
from domain.taxonomy import Attribute, Category
from domain.tenant_taxonomy import NamedColor, TenantTaxonomy


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What a tenant has in place of the server's.

    Attributes:
        rank_weights: those of searches that give none; None for the server's.
        outfit_weights: those of outfits; None for the server's.
    """

    tenant_id: str
    rank_weights: RankWeights | None = None
    taxonomy: TenantTaxonomy = TenantTaxonomy()
    outfit_weights: OutfitWeights | None = None

    @property
    def is_default(self) -> bool:
        """Whether all is the server's."""
        return self == TenantSettings(self.tenant_id)

    @property
    def etag(self) -> str:
        """A text that changes with the settings."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def facts(self) -> dict[str, Any]:
        """What is set."""
        weights = None if self.rank_weights is None else asdict(self.rank_weights)
        taxonomy = {name: rows for name, rows in asdict(self.taxonomy).items() if rows}
        for color in taxonomy.get("colors", ()):
            if not color["family"]:  # so that the etags of rows from before there were families stay the same
                del color["family"]
        facts = {"rank_weights": weights} | ({"taxonomy": taxonomy} if taxonomy else {})
        outfits = self.outfit_weights  # left out without, so that etags of rows from before stay the same
        return facts | ({} if outfits is None else {"outfit_weights": _outfit_facts(outfits)})

    def to_json(self) -> str:
        """What `from_json` reads."""
        return json.dumps(self.facts(), ensure_ascii=False)

    @classmethod
    def from_json(cls, tenant_id: str, text: str) -> TenantSettings:
        facts = json.loads(text)
        weights, outfits = facts["rank_weights"], facts.get("outfit_weights")
        return cls(
            tenant_id,
            None if weights is None else RankWeights(**weights),
            _taxonomy(facts.get("taxonomy", {})),
            None if outfits is None else OutfitWeights(**outfits),
        )


def _outfit_facts(weights: OutfitWeights) -> dict[str, float]:
    return {name: weight for name, weight in asdict(weights).items() if weight is not None}


def _taxonomy(facts: Mapping[str, Any]) -> TenantTaxonomy:
    return TenantTaxonomy(
        tuple(_tuples(Category, row) for row in facts.get("categories", ())),
        tuple(_tuples(Attribute, row) for row in facts.get("attributes", ())),
        tuple(_tuples(NamedColor, row) for row in facts.get("colors", ())),
    )


def _tuples(kind: Any, row: Mapping[str, Any]) -> Any:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
