from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.outfit_rules import OutfitRules, OutfitWeights
from domain.taxonomy import Taxonomy
from settings import ROOT

TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")
TEXT = (ROOT / "domain/outfit_rules.toml").read_text()


def load(folder: Path, text: str) -> OutfitRules:
    (folder / "rules.toml").write_text(text)
    return OutfitRules.load(folder / "rules.toml", TAXONOMY)


def test_names_of_another_taxonomy_are_left_out_where_asked_for(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(TEXT)
    few = replace(TAXONOMY, colors={"navy": (19.0, 7.0, -26.0), "white": (93.0, 0.0, 0.0)}, garment_types=())
    rules = OutfitRules.load(tmp_path / "rules.toml", few, strict=False)
    assert (rules.neutrals, rules.classics) == ({"navy", "white"}, {frozenset({"navy", "white"})})
    assert rules.good_pairs == frozenset()
    with pytest.raises(InvalidInput, match="neutrals"):
        OutfitRules.load(tmp_path / "rules.toml", few)


def test_the_file_is_valid(tmp_path: Path) -> None:
    rules = load(tmp_path, TEXT)
    assert sum(rules.weights.shares.values()) == pytest.approx(1.0)
    assert frozenset({"navy", "camel"}) in rules.classics
    assert not rules.classics & rules.clashes
    assert not rules.good_pairs & rules.bad_pairs


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("color = 0.40", 'color = "much"', "weights.color"),
        ("color = 0.40", "color = -1", "weights.color"),
        ("severity = 2.0", "severity = 0.5", "severity"),
        ("severity = 2.0", 'severity = "high"', "severity"),
        ('"charcoal", "grey"', '"coal", "grey"', "colors.neutrals[1]"),
        ('["navy", "camel"]', '["navy"]', "colors.classics[0]"),
        ('["navy", "camel"]', '["red", "pink"]', "colors.clashes"),
        ('["blazer", "chinos"]', '["blazer", "toga"]', "garments.good_pairs[0]"),
        ('["blazer", "chinos"]', '["blazer", "joggers"]', "garments.bad_pairs"),
        ("[weights]", "[weights", ""),
    ],
)
def test_what_is_invalid_is_named(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path, TEXT.replace(old, new, 1))
    path = str(tmp_path / "rules.toml")
    assert caught.value.violations[0].field == (f"{path}.{field}" if field else path)


def test_weights_that_are_all_0_are_refused() -> None:
    with pytest.raises(InvalidInput, match="must not all be 0"):
        OutfitWeights(0.0, 0.0, 0.0, 0.0, 0.0).check()


def test_the_weight_of_a_learned_scorer_is_one_among_all() -> None:
    weights = OutfitWeights(0.5, 0.5, 0.0, 0.0, 0.5, 0.5)
    weights.check()
    assert weights.learned_share(0.3) == 0.25
    assert sum(weights.shares.values()) == pytest.approx(1)
    assert "learned" not in weights.shares
    assert OutfitWeights(1.0, 0.0, 0.0, 0.0, 0.0).learned_share(0.3) == 0.3
    assert OutfitWeights(1.0, 0.0, 0.0, 0.0, 0.0, 0.0).learned_share(0.3) == 0.0


def test_a_learned_scorer_needs_rules_beside_it() -> None:
    with pytest.raises(InvalidInput, match="must not all be 0 beside learned"):
        OutfitWeights(0.0, 0.0, 0.0, 0.0, 0.0, 1.0).check()
    with pytest.raises(InvalidInput, match="must not be below 0"):
        OutfitWeights(1.0, 0.0, 0.0, 0.0, 0.0, -1.0).check("w")
