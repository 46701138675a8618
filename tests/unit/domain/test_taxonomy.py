from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Attribute, Category, Taxonomy, normalized

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.load(ROOT / "domain/taxonomy.toml")


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("dress", "dress"),
        ("Dresses", "dress"),
        ("jeans", "trousers"),
        ("dress shirt", "shirt"),
        ("T-Shirt", "t-shirt"),
        ("tees", "t-shirt"),
        ("sneaker", "shoes"),
        ("trainers", "shoes"),
        ("Stiletto", "shoes"),
        ("jumper", "long sleeve"),
        ("polo neck", "long sleeve"),
        ("polo", "t-shirt"),
        ("frock", "dress"),
        ("anorak", "outerwear"),
        ("rucksack", "bag"),
        ("top hat", "hat"),
        ("vest", None),
        ("suit", None),
        ("spaceship", None),
        ("", None),
    ],
)
def test_a_word_finds_its_category(taxonomy: Taxonomy, word: str, category: str | None) -> None:
    assert taxonomy.canonical_category(word) == category


@pytest.mark.parametrize(
    ("word", "color"),
    [
        ("grey", "grey"),
        ("Gray", "grey"),
        ("LIGHT BLUE", "light blue"),
        ("light-blue", "light blue"),
        ("off white", "white"),
        ("no colour", None),
        ("", None),
    ],
)
def test_a_word_finds_its_color(taxonomy: Taxonomy, word: str, color: str | None) -> None:
    assert taxonomy.canonical_color(word) == color


def test_a_color_is_found_by_its_name_in_any_script(taxonomy: Taxonomy) -> None:
    foreign = replace(taxonomy, colors={"Синій": (40.0, 12.0, -56.0), "Білий": (94.0, 0.0, 0.5)})
    assert foreign.canonical_color("синій") == "Синій"
    assert foreign.canonical_color("білий") == "Білий"
    assert foreign.canonical_color("---") is None


def test_categories_in_a_text_prefer_the_longer_name(taxonomy: Taxonomy) -> None:
    assert set(taxonomy.categories_in("a blue Dress Shirt and two hats")) == {"shirt", "hat"}
    assert taxonomy.categories_in("shirtless") == ()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("a shirt dress with a belt", "dress"),
        ("Long-sleeved dress", "dress"),
        ("black polo neck", "long sleeve"),
        ("a top hat", "hat"),
        ("denim top coat", "outerwear"),
        ("hooded sweat shirt", "long sleeve"),
        ("short trousers", "shorts"),
    ],
)
def test_a_compound_is_one_garment(taxonomy: Taxonomy, text: str, category: str) -> None:
    assert taxonomy.categories_in(text) == (category,)


def test_no_word_is_of_two_categories(taxonomy: Taxonomy) -> None:
    owners = {normalized(word): category.name for category in taxonomy.categories for word in category.words}
    for word, name in owners.items():
        assert taxonomy.canonical_category(word) == name
        assert taxonomy.canonical_color(word) is None


def test_aliases_are_words_of_a_category_too(taxonomy: Taxonomy) -> None:
    category = Category("hat", "accessories", ("cap",), ("lid",))
    assert category.words == ("hat", "cap", "lid")
    other = replace(taxonomy, categories=(category, *taxonomy.categories[:2]))
    assert other.canonical_category("lids") == "hat"
    assert other.take_categories("a blue lid") == (("hat",), "a blue")
    assert other.version != taxonomy.version


def test_every_category_is_an_answer_and_every_color_too(taxonomy: Taxonomy) -> None:
    assert taxonomy.attribute("category").values == tuple(c.name for c in taxonomy.categories)
    assert taxonomy.attribute("color").values == tuple(taxonomy.colors)
    with pytest.raises(KeyError):
        taxonomy.attribute("smell")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nonsense = ", "cannot be read as TOML"),
        ("[colors]\nred = [50, 60, 40]\n", "categories"),
        ('[[categories]]\nname = "hat"\nslot = "x"\n', "colors"),
        ('[[categories]]\nname = "hat"\nslot = "x"\n[colors]\nred = [150, 60, 40]\n', "colors.red"),
        ('[[categories]]\nname = "hat"\n[colors]\nred = [50, 60, 40]\n', "categories[0].slot"),
        (
            '[[categories]]\nname = "hat"\nslot = "x"\n[[attributes]]\nname = "style"\nvalues = ["a"]\n'
            "[colors]\nred = [50, 60, 40]\n",
            "attributes[0].values",
        ),
    ],
)
def test_a_wrong_file_is_refused_by_the_part_that_is_wrong(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput) as error:
        Taxonomy.load(path)
    assert part in error.value.message


def test_colors_have_other_words(taxonomy: Taxonomy) -> None:
    assert "crimson" in taxonomy.color_synonyms["red"]
    assert set(taxonomy.color_synonyms) <= set(taxonomy.colors)


@pytest.mark.parametrize(
    ("synonyms", "complaint"),
    [('pink = ["rose"]', "color_synonyms.pink"), ('red = ["Red"]', "a second time")],
)
def test_color_synonyms_are_of_known_colors_and_name_one_each(
    tmp_path: Path, synonyms: str, complaint: str
) -> None:
    text = (
        '[[categories]]\nname = "hat"\nslot = "x"\n[[attributes]]\nname = "category"\nvalues = ["a", "b"]\n'
    )
    path = tmp_path / "taxonomy.toml"
    path.write_text(f"{text}[colors]\nred = [50, 60, 40]\n[color_synonyms]\n{synonyms}\n")
    with pytest.raises(InvalidInput, match=complaint):
        Taxonomy.load(path)


def test_every_colour_is_of_one_of_twelve_families(taxonomy: Taxonomy) -> None:
    families = {taxonomy.family_of(color) for color in taxonomy.colors}
    assert families == {
        *("black", "grey", "white", "red", "pink", "orange", "brown", "beige", "yellow", "green", "blue"),
        "purple",
    }
    shades = [shade for family in families for shade in taxonomy.shades_of(family)]
    assert sorted(shades) == sorted(taxonomy.colors)


def test_a_family_stands_for_its_shades_and_a_shade_for_itself(taxonomy: Taxonomy) -> None:
    assert {"blue", "navy", "denim"} <= set(taxonomy.shades_of("blue"))
    assert taxonomy.shades_of("navy") == ("navy",)
    assert taxonomy.shades_of("black")[0] == "black"
    assert (taxonomy.family_of("navy"), taxonomy.family_of("blue")) == ("blue", "blue")
    assert taxonomy.family_of("of another taxonomy") == "of another taxonomy"


@pytest.mark.parametrize(
    ("families", "complaint"),
    [
        ('pink = ["red"]', "color_families.pink: must be one of the colours"),
        ('red = ["pink"]', "color_families.red: must be a list of some of the colours"),
        ('red = "wine"', "color_families.red: must be a list"),
        ('red = ["red"]', "must not name 'red', which is a family or of one already"),
        ('red = ["wine"]\nblue = ["wine"]', "color_families.blue: must not name 'wine'"),
        ('red = ["blue"]\nblue = ["wine"]', "color_families.red: must not name 'blue'"),
    ],
)
def test_families_are_of_known_colors_and_two_levels_deep(
    tmp_path: Path, families: str, complaint: str
) -> None:
    path = tmp_path / "taxonomy.toml"
    colors = "wine = [24, 36, 14]\nblue = [40, 12, -56]"
    path.write_text(f"{OTHERS}{colors}\n[color_families]\n{families}\n")
    with pytest.raises(InvalidInput, match=complaint):
        Taxonomy.load(path)


@pytest.mark.parametrize(
    ("text", "colors", "rest"),
    [
        ("Light-blue or red shoes", ("light blue", "red"), "or shoes"),
        ("in dark blue", ("navy",), "in"),
        ("blues", ("blue",), ""),
        ("blueberry", (), "blueberry"),
    ],
)
def test_colors_are_taken_out_of_a_text(
    taxonomy: Taxonomy, text: str, colors: tuple[str, ...], rest: str
) -> None:
    assert taxonomy.take_colors(text) == (colors, rest)


def test_categories_are_taken_out_of_a_text(taxonomy: Taxonomy) -> None:
    assert taxonomy.take_categories("a dress shirt, or jeans") == (("shirt", "trousers"), "a or")


OTHERS = """
[[categories]]
name = "dress"
slot = "one-piece"
synonyms = ["gown"]
[[categories]]
name = "hat"
slot = "accessories"
[[attributes]]
name = "category"
[colors]
red = [45, 66, 45]
"""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ('"tree"', "must be a list"),
        ('["tree", " "]', r"words\[1\]: must be a non-empty string"),
        ('["tree", "gowns"]', r"words\[1\]: must not name the category 'dress'"),
    ],
)
def test_words_for_other_things_are_checked(tmp_path: Path, words: str, message: str) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(f"{OTHERS}\n[non_garments]\nwords = {words}\n")
    with pytest.raises(InvalidInput, match=message):
        Taxonomy.load(path)


def test_the_version_changes_with_what_items_are_described_with(taxonomy: Taxonomy) -> None:
    assert replace(taxonomy, color_synonyms={}, color_families={}).version == taxonomy.version
    changed = (
        replace(taxonomy, non_garments=("tree",)),
        replace(taxonomy, categories=taxonomy.categories[1:]),
        replace(taxonomy, colors={**taxonomy.colors, "new": (1.0, 2.0, 3.0)}),
        replace(taxonomy, attributes=taxonomy.attributes[1:]),
        replace(taxonomy, color_variants={}),
    )
    assert len({taxonomy.version, *(each.version for each in changed)}) == 6


@pytest.mark.parametrize(
    ("variants", "complaint"),
    [
        ("pink = [[1, 2, 3]]", "color_variants.pink: must be one of the colours"),
        ("red = 1", "color_variants.red: must be one of the colours, with a list"),
        ("red = [[1, 2, 3], [101, 2, 3]]", r"color_variants.red\[1\]: must be \[L, a, b\]"),
    ],
)
def test_further_centres_are_of_known_colors(tmp_path: Path, variants: str, complaint: str) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(f"{OTHERS}[color_variants]\n{variants}\n")
    with pytest.raises(InvalidInput, match=complaint):
        Taxonomy.load(path)


def test_only_what_is_asked_counts_for_the_version(taxonomy: Taxonomy) -> None:
    more = Attribute("neckline", ("round", "v"), ("{}",), asked=False)
    wider = replace(taxonomy, attributes=(*taxonomy.attributes, more))
    assert wider.version == taxonomy.version
    assert wider.asked_attributes == taxonomy.asked_attributes
    asked = replace(wider, attributes=(*taxonomy.attributes, replace(more, asked=True)))
    assert asked.version != taxonomy.version
    assert [each.name for each in asked.asked_attributes][-1] == "neckline"


def test_the_shipped_file_has_attributes_that_words_do_not_answer(taxonomy: Taxonomy) -> None:
    assert [each.name for each in taxonomy.asked_attributes] == ["category", "color", "pattern", "style"]
    others = [each.name for each in taxonomy.attributes if not each.asked]
    assert others == ["fit", "season", "formality", "age_group"]


def test_ordered_values_have_numbers(taxonomy: Taxonomy) -> None:
    values = taxonomy.attribute("formality").values
    numbers = [taxonomy.number_of("formality", value) for value in values]
    assert (numbers[0], numbers[-1]) == (0.1, 0.95)
    assert taxonomy.number_of("formality", "of rubber") is None
    assert taxonomy.number_of("fit", "slim") is None
    assert taxonomy.number_of("of another taxonomy", "casual") is None


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ('name = "category"\nasked = false', r"attributes\[0\].asked: must be true or false, and true of"),
        ('name = "category"\nasked = 1', r"attributes\[0\].asked: must be true or false"),
        ('name = "category"\nnumbers = [0.1]', r"attributes\[0\].numbers: must be a list with one number"),
        ('name = "category"\nnumbers = 3', r"attributes\[0\].numbers: must be a list"),
        ('name = "category"\nnumbers = [0.5, 0.4]', r"attributes\[0\].numbers: .*in rising order"),
        ('name = "category"\nnumbers = [0.5, 1.1]', r"attributes\[0\].numbers: must be from 0 to 1"),
        ('name = "category"\nnumbers = [0.5, "x"]', r"attributes\[0\].numbers: must be numbers"),
    ],
)
def test_a_bad_attribute_is_named(tmp_path: Path, lines: str, complaint: str) -> None:
    path = tmp_path / "taxonomy.toml"
    path.write_text(TWO_CATEGORIES.replace('name = "category"', lines))
    with pytest.raises(InvalidInput, match=complaint):
        Taxonomy.load(path)


TWO_CATEGORIES = """
[[categories]]
name = "dress"
slot = "one-piece"
[[categories]]
name = "hat"
slot = "accessories"
[[attributes]]
name = "category"
[colors]
red = [45, 66, 45]
"""
