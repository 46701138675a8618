from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.garment_types import GarmentType, Slot, parse_garment_types
from domain.taxonomy import Category, Taxonomy
from domain.tenant_taxonomy import TenantTaxonomy
from settings import ROOT

TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")
ROW: dict[str, Any] = {
    "name": "kilt",
    "category": "skirt",
    "slots": ["bottom"],
    "warmth": 0.4,
    "formality": 0.6,
}


def type_of(category: str, *texts: str) -> str:
    found = TAXONOMY.garment_type(category, *texts)
    return found.name if found else ""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Leather belt", "belt"),
        ("Tie-dye t-shirt", "t-shirt"),
        ("Slim jeans with belt", "jeans"),
        ("Silk tie in navy, for weddings", "tie"),
        ("Hooded sweatshirt", "hoodie"),
        ("Two watches", "watch"),
        ("With love", None),
        ("Gift card", None),
    ],
)
def test_the_name_of_a_product_tells_what_it_is(name: str, kind: str | None) -> None:
    named = TAXONOMY.named_garment_type(name)
    assert (named.name if named else None) == kind


def test_the_types_of_the_file_are_complete() -> None:
    assert len(TAXONOMY.garment_types) >= 47
    assert {each.category for each in TAXONOMY.garment_types} - {""} == {c.name for c in TAXONOMY.categories}
    assert {slot for each in TAXONOMY.garment_types for slot in each.slots} == set(Slot)
    assert all(each.seasons for each in TAXONOMY.garment_types)


@pytest.mark.parametrize("category", [each.name for each in TAXONOMY.categories])
def test_the_first_type_of_a_category_fills_its_slot(category: str) -> None:
    slot = next(each.slot for each in TAXONOMY.categories if each.name == category)
    found = TAXONOMY.garment_type(category)
    assert found is not None
    assert found.slots[0] == slot


@pytest.mark.parametrize(
    ("category", "texts", "name"),
    [
        ("trousers", (), "trousers"),
        ("trousers", ("Slim chinos, navy",), "chinos"),
        ("trousers", ("nothing said", "Blue denims"), "jeans"),
        ("trousers", ("with a leather jacket",), "trousers"),
        ("outerwear", ("Double-breasted trench coat",), "trench coat"),
        ("jacket", ("Denim jacket",), "denim jacket"),
        ("shoes", ("High heels for the evening",), "high heels"),
        ("belt", (), "belt"),
        ("brown leather belts", (), "belt"),
        ("spaceship", (), ""),
    ],
)
def test_words_say_the_type(category: str, texts: tuple[str, ...], name: str) -> None:
    assert type_of(category, *texts) == name


def test_a_category_without_types_has_a_plain_one() -> None:
    own = TenantTaxonomy(categories=(Category("Hose", "bottom", ()), Category("skirt", "bottom", ())))
    taxonomy = own.over(TAXONOMY)
    plain = taxonomy.garment_type("Hose")
    assert plain is not None
    assert (plain.name, plain.slots) == ("Hose", (Slot.BOTTOM,))
    assert {each.category for each in taxonomy.garment_types} == {"", "skirt"}
    other = replace(taxonomy, categories=(Category("box", "shelf", ()),), garment_types=())
    assert other.garment_type("box") is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "garment_types[0].name"),
        ({"category": "hat?"}, "garment_types[0].category"),
        ({"slots": []}, "garment_types[0].slots"),
        ({"slots": ["left foot"]}, "garment_types[0].slots"),
        ({"warmth": 1.5}, "garment_types[0].warmth"),
        ({"formality": True}, "garment_types[0].formality"),
        ({"seasons": ["monsoon"]}, "garment_types[0].seasons"),
        ({"words": [""]}, "garment_types[0].words"),
    ],
)
def test_a_row_that_is_invalid_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_garment_types([ROW | changes], {"skirt": "bottom"})
    assert caught.value.violations[0].field == field


def test_no_name_is_there_twice() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_garment_types([ROW, ROW], {"skirt": "bottom"})
    assert caught.value.violations[0].field == "garment_types[1].name"


def test_a_file_without_types_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "domain/taxonomy.toml").read_text()
    start, end = text.index("[[garment_types]]"), text.index("[[attributes]]")
    (tmp_path / "taxonomy.toml").write_text(text[:start] + text[end:])
    taxonomy = Taxonomy.load(tmp_path / "taxonomy.toml")
    assert taxonomy.garment_types == ()
    assert isinstance(taxonomy.garment_type("dress"), GarmentType)
    assert taxonomy.version == TAXONOMY.version
