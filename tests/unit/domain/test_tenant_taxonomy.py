from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.taxonomy import Attribute, Category, Taxonomy
from domain.tenant_taxonomy import MAX_PHRASES, NamedColor, TenantTaxonomy, phrase_count

SERVER = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")
KLEID = Category("Kleid", "one-piece", ("dress", "Röckchen"))
HOSE = Category("Hose", "bottom", ("trousers",))
ROT = NamedColor("rot", (45.0, 66.0, 45.0), ("dunkelrot",))
BLAU = NamedColor("blau", (40.0, 12.0, -56.0))
OWN = TenantTaxonomy(
    (KLEID, HOSE), (Attribute("pattern", ("uni", "gestreift"), ("Stoff, {}",)),), (ROT, BLAU)
)


def test_a_tenant_without_words_has_the_servers_taxonomy() -> None:
    assert TenantTaxonomy().over(SERVER) is SERVER


def test_own_words_stand_in_place_of_the_servers() -> None:
    own = OWN.over(SERVER)
    assert [attribute.name for attribute in own.attributes] == [each.name for each in SERVER.attributes]
    assert own.attribute("category").values == ("Kleid", "Hose")
    assert own.attribute("color").values == ("rot", "blau")
    assert own.attribute("pattern") == Attribute("pattern", ("uni", "gestreift"), ("Stoff, {}",))
    assert own.attribute("style") == SERVER.attribute("style")
    assert own.attribute("category").prompts == SERVER.attribute("category").prompts
    assert own.canonical_category("RÖCKCHEN") == "Kleid"
    assert own.canonical_category("t-shirt") is None
    assert own.take_colors("ein Kleid in dunkelrot") == (("rot",), "ein kleid in")
    assert own.colors == {"rot": (45.0, 66.0, 45.0), "blau": (40.0, 12.0, -56.0)}


def test_own_values_have_no_numbers_of_the_server() -> None:
    own = TenantTaxonomy(attributes=(Attribute("formality", ("locker", "schick"), ()),)).over(SERVER)
    formality = own.attribute("formality")
    assert (formality.values, formality.numbers, formality.asked) == (("locker", "schick"), (), False)
    prompts = TenantTaxonomy(attributes=(Attribute("formality", (), ("ganz {}",)),)).over(SERVER)
    assert prompts.attribute("formality").numbers == SERVER.attribute("formality").numbers
    assert phrase_count(own) == phrase_count(SERVER)


def test_the_version_changes_with_the_words_alone() -> None:
    version = OWN.over(SERVER).version
    assert version == replace(OWN).over(SERVER).version != SERVER.version
    assert version != replace(OWN, colors=()).over(SERVER).version
    assert len(version) == 16


def test_own_colours_have_own_families() -> None:
    own = replace(OWN, colors=(ROT, BLAU, NamedColor("marine", (16.0, 6.0, -24.0), (), "blau")))
    taxonomy = own.over(SERVER)
    assert taxonomy.shades_of("blau") == ("blau", "marine")
    assert taxonomy.shades_of("rot") == ("rot",)
    assert taxonomy.color_families == {"blau": ("marine",)}
    assert OWN.over(SERVER).color_families == {}
    assert replace(OWN, colors=()).over(SERVER).color_families == SERVER.color_families


def test_prompts_alone_may_be_a_tenants() -> None:
    own = TenantTaxonomy(attributes=(Attribute("category", (), ("ein Foto: {}",)),)).over(SERVER)
    assert own.attribute("category").prompts == ("ein Foto: {}",)
    assert own.attribute("category").values == SERVER.attribute("category").values


def categories(*rows: Category) -> TenantTaxonomy:
    return TenantTaxonomy(categories=rows)


def pattern(values: tuple[str, ...] = (), prompts: tuple[str, ...] = ()) -> TenantTaxonomy:
    return TenantTaxonomy(attributes=(Attribute("pattern", values, prompts),))


@pytest.mark.parametrize(
    ("own", "field"),
    [
        (categories(KLEID), "categories"),
        (categories(*(replace(KLEID, name=f"k{i}", synonyms=()) for i in range(201))), "categories"),
        (categories(KLEID, replace(HOSE, name="")), "categories[1].name"),
        (categories(KLEID, replace(HOSE, name="x" * 61)), "categories[1].name"),
        (categories(KLEID, replace(HOSE, name="KLEID")), "categories[1].name"),
        (categories(KLEID, replace(HOSE, name="--")), "categories[1].name"),
        (categories(KLEID, replace(HOSE, name=" a")), "categories[1].name"),
        (categories(KLEID, replace(HOSE, name="a\nb")), "categories[1].name"),
        (categories(KLEID, replace(HOSE, name="\ud800")), "categories[1].name"),
        (categories(KLEID, replace(HOSE, slot="attic")), "categories[1].slot"),
        (categories(KLEID, replace(HOSE, synonyms=("Dress",))), "categories[1].synonyms[0]"),
        (categories(KLEID, replace(HOSE, synonyms=("a",) * 31)), "categories[1].synonyms"),
        (TenantTaxonomy(attributes=(Attribute("smell", ("a", "b"), ()),)), "attributes[0].name"),
        (TenantTaxonomy(attributes=(*pattern().attributes, *pattern().attributes)), "attributes[1].name"),
        (TenantTaxonomy(attributes=(Attribute("category", ("a", "b"), ()),)), "attributes[0].values"),
        (TenantTaxonomy(attributes=(Attribute("color", ("a", "b"), ()),)), "attributes[0].values"),
        (pattern(("uni",)), "attributes[0].values"),
        (pattern(("uni", "Uni")), "attributes[0].values[1]"),
        (pattern(tuple(f"v{i}" for i in range(101))), "attributes[0].values"),
        (pattern(prompts=("no place",)), "attributes[0].prompts[0]"),
        (pattern(prompts=("{} and {}",)), "attributes[0].prompts[0]"),
        (pattern(prompts=("{0.__class__} {}",)), "attributes[0].prompts[0]"),
        (pattern(prompts=("{}",) * 11), "attributes[0].prompts"),
        (TenantTaxonomy(colors=(ROT,)), "colors"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, name="Rot"))), "colors[1].name"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, lab=(1.0, 2.0)))), "colors[1].lab"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, lab=(101.0, 0.0, 0.0)))), "colors[1].lab"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, lab=(1.0, float("nan"), 0.0)))), "colors[1].lab"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, synonyms=("ROT",)))), "colors[1].synonyms[0]"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, family="Rot"))), "colors[1].family"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, family="blau"))), "colors[1].family"),
        (TenantTaxonomy(colors=(ROT, replace(BLAU, family="red"))), "colors[1].family"),
    ],
)
def test_what_does_not_fit_is_named(own: TenantTaxonomy, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        own.over(SERVER)
    assert refused.value.violations[0].field == field


def test_the_phrases_are_bounded() -> None:
    many = tuple(Category(f"c{i}", "top", tuple(f"c{i} s{j}" for j in range(30))) for i in range(150))
    with pytest.raises(InvalidInput, match=str(MAX_PHRASES)):
        TenantTaxonomy(categories=many).over(SERVER)


WORDS = st.text(max_size=70)
TUPLES: Mapping[type[Any], Any] = {
    Category: st.builds(
        Category, WORDS, st.sampled_from(["top", "x"]), st.lists(WORDS, max_size=3).map(tuple)
    ),
    Attribute: st.builds(
        Attribute,
        st.sampled_from(["pattern", "style", "color", "x"]),
        st.lists(WORDS, max_size=4).map(tuple),
        st.lists(st.sampled_from(["{}", "a {}", "{}{}", "{x}", ""]), max_size=3).map(tuple),
    ),
    NamedColor: st.builds(
        NamedColor,
        WORDS,
        st.lists(st.floats(), max_size=4).map(tuple),
        st.just(()),
        st.sampled_from(["", "", "a"]),
    ),
}


@given(st.builds(TenantTaxonomy, *(st.lists(rows, max_size=4).map(tuple) for rows in TUPLES.values())))
def test_any_words_are_refused_or_can_be_used(own: TenantTaxonomy) -> None:
    try:
        taxonomy = own.over(SERVER)
    except InvalidInput as error:
        part = error.violations[0].field.partition("[")[0]
        assert part in ("", "categories", "attributes", "colors")
        return
    assert phrase_count(taxonomy) <= MAX_PHRASES
    for category in taxonomy.categories:
        assert taxonomy.canonical_category(category.name) == category.name
    for color in taxonomy.colors:
        assert taxonomy.canonical_color(color) == color
