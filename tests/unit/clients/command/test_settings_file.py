from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from armoire import (
    OutfitWeights,
    RankWeights,
    Taxonomy,
    TaxonomyAttribute,
    TaxonomyCategory,
    TaxonomyColor,
    TenantSettings,
)
from armoire.command.console import CommandFailed
from armoire.command.settings_file import SettingsFile, read_settings, settings_document

ROOT = Path(__file__).parents[4]
FULL = TenantSettings(
    rank_weights=RankWeights(color=0.5),
    taxonomy=Taxonomy(
        (TaxonomyCategory("Kleid", "one-piece", ("dress",)),),
        (TaxonomyAttribute("pattern", ("uni", "kariert"), ("{}",)),),
        (
            TaxonomyColor("rot", (45.0, 66.0, 45.0), ("red",)),
            TaxonomyColor("grün", (1.0, 2.0, 3.0)),
            TaxonomyColor("weinrot", (24.0, 36.0, 14.0), (), "rot"),
        ),
    ),
    outfit_weights=OutfitWeights(color=0.5, season=0.25, learned=0.25),
)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_json_holds_all_of_it(tmp_path: Path) -> None:
    path = written(tmp_path / "shop.json", json.dumps(settings_document(FULL)))
    assert read_settings(path) == SettingsFile(FULL)
    shown = replace(FULL, tenant="shop", vocabulary_version="1", etag="e")
    assert read_settings(written(path, json.dumps(settings_document(shown)))) == SettingsFile(FULL)
    assert read_settings(written(path, "{}")) == SettingsFile(TenantSettings())


def test_the_servers_file_can_be_read() -> None:
    file = read_settings(ROOT / "domain/taxonomy.toml")
    read = file.settings
    assert "non_garments" in file.skipped
    assert "dress" in [category.name for category in read.taxonomy.categories]
    assert next(color for color in read.taxonomy.colors if color.name == "grey").synonyms == ("gray",)
    assert next(color for color in read.taxonomy.colors if color.name == "navy").family == "blue"


def test_what_is_no_setting_of_a_tenant_is_skipped_and_named(tmp_path: Path) -> None:
    category = '[[categories]]\nname = "a"\nslot = "top"\nalias = "b"'
    text = f'colours = {{}}\n{category}\n[[attributes]]\nname = "c"\nlabels = []'
    read = read_settings(written(tmp_path / "shop.toml", text))
    assert read.skipped == ("attributes.labels", "categories.alias", "colours")
    assert read.settings.taxonomy.categories == (TaxonomyCategory("a", "top"),)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[", "cannot be read"),
        ("categories = 1", "categories must be a list of tables"),
        ("categories = [1]", "categories[0] must be a table"),
        ('[[categories]]\nname = "a"', "categories[0].slot must be a text"),
        ('[[categories]]\nname = "a"\nslot = "top"\nsynonyms = "b"', "categories[0].synonyms must be a list"),
        ('[[attributes]]\nname = "a"\nvalues = [1]', "attributes[0].values must be a list of texts"),
        ("[colors]\nrot = [1, 2]", "colors.rot must be [L, a, b]"),
        ("[colors]\nrot = [1, 2, true]", "colors.rot must be a number"),
        ('[color_synonyms]\nrot = ["red"]', "color_synonyms has 'rot'"),
        ('[color_families]\nrot = ["weinrot"]', "color_families has 'rot'"),
        (
            "[colors]\nrot = [1, 2, 3]\n[color_families]\nrot = ['a']",
            "color_families.rot has 'a', which is no",
        ),
        ("[colors]\nrot = [1, 2, 3]\n[color_families]\nrot = ['rot']", "which is a family or of one"),
        ("[rank_weights]\nweight = 1", "rank_weights has 'weight'"),
        ("[outfit_weights]\nshape = 1", "outfit_weights has 'shape'"),
        ('[rank_weights]\ncolor = "high"', "rank_weights.color must be a number"),
    ],
)
def test_a_bad_part_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(CommandFailed) as failed:
        read_settings(written(tmp_path / "shop.toml", text))
    assert complaint in str(failed.value)


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    binary = tmp_path / "shop.toml"
    binary.write_bytes(b"\xff\xfe")
    deep = written(tmp_path / "deep.json", "[" * 100_000)
    for path in (tmp_path / "none.toml", tmp_path, binary, deep, written(tmp_path / "list.json", "[]")):
        with pytest.raises(CommandFailed):
            read_settings(path)
    with pytest.raises(CommandFailed, match="larger than"):
        read_settings(written(tmp_path / "large.toml", "#" * (4 * 2**20 + 1)))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["categories", "attributes", "colors", "rank_weights", "name", "slot", "color"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_anything_is_read_or_refused(tmp_path: Path, document: object) -> None:
    try:
        read = read_settings(written(tmp_path / "any.json", json.dumps(document)))
    except CommandFailed:
        return
    assert isinstance(read, SettingsFile)
