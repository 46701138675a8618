"""Two tenants with words of their own, on a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from armoire import (
    Client,
    Conflict,
    Example,
    ExampleSet,
    FailedPrecondition,
    ImageAnalysis,
    InvalidInput,
    PermissionDenied,
    RankWeights,
    Taxonomy,
    TaxonomyAttribute,
    TaxonomyCategory,
    TaxonomyColor,
    TenantSettings,
)
from armoire.command.main import main
from demo.server import ServerProcess

GERMAN = Taxonomy(
    categories=(
        TaxonomyCategory("Kleid", "one-piece", ("dress", "Abendkleid")),
        TaxonomyCategory("Oberteil", "top", ("t-shirt", "shirt", "long sleeve", "outerwear")),
        TaxonomyCategory("Hose", "bottom", ("trousers", "shorts", "skirt")),
        TaxonomyCategory("Zubehör", "accessories", ("hat", "bag", "shoes")),
    ),
    attributes=(TaxonomyAttribute("pattern", ("einfarbig", "gestreift", "kariert")),),
    colors=(
        TaxonomyColor("rot", (45.0, 66.0, 45.0), ("red", "dunkelrot")),
        TaxonomyColor("blau", (40.0, 12.0, -56.0)),
        TaxonomyColor("marine", (16.0, 6.0, -24.0), family="blau"),
        TaxonomyColor("hell", (90.0, 0.0, 0.0)),
        TaxonomyColor("dunkel", (15.0, 0.0, 0.0)),
    ),
)
FRENCH = Taxonomy(attributes=(TaxonomyAttribute("pattern", ("uni", "rayé")),))
GERMAN_FILE = """\
[rank_weights]
color = 0.4

[[attributes]]
name = "pattern"
values = ["einfarbig", "gestreift"]

[colors]
rot = [45.0, 66.0, 45.0]
blau = [40.0, 12.0, -56.0]

[color_synonyms]
rot = ["red"]
"""


@dataclass
class Shops:
    """A server with two tenants, and the key of an administrator of each."""

    server: ServerProcess
    operator: str
    keys: Mapping[str, str]

    def client(self, tenant: str) -> Client:
        return Client(self.server.address, token=self.keys[tenant])


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shops]:
    home = tmp_path_factory.mktemp("words")
    with ServerProcess(home, "services.app:Armoire", {"ARMOIRE_AUTH__MODE": "required"}) as server:
        first = (home / "first-admin-key").read_text().strip()
        scopes = ["admin", "infer", "read", "write"]
        with Client(server.address, token=first) as client:
            keys = {
                name: client.create_api_key(name, scopes, tenant=name).key
                for name in ("german", "french", "plain", "default")
            }
        yield Shops(server, keys.pop("default"), keys)


@pytest.fixture(autouse=True)
def words(shops: Shops) -> None:
    """The words with which each test begins."""
    for tenant, taxonomy in (("german", GERMAN), ("french", FRENCH), ("plain", Taxonomy())):
        with shops.client(tenant) as client:
            client.update_tenant_settings(TenantSettings(taxonomy=taxonomy))


def said(analysis: ImageAnalysis, attribute: str) -> set[str]:
    return {item.attributes[attribute].values[0].value for item in analysis.items if item.accepted}


def patterns(taxonomy: Taxonomy) -> set[str]:
    return {value for each in taxonomy.attributes for value in each.values}


def test_each_tenant_reads_its_own_words_of_the_same_photo(shops: Shops, samples: list[Path]) -> None:
    found = {}
    for tenant in shops.keys:
        with shops.client(tenant) as client:
            found[tenant] = client.analyze(samples[0], include_embeddings=True)
            assert found[tenant].vocabulary_version == client.get_tenant_settings().vocabulary_version
    german, french, plain = found.values()
    assert said(german, "pattern") <= {"einfarbig", "gestreift", "kariert"}
    assert said(german, "category") <= {each.name for each in GERMAN.categories}
    assert {c.name for item in german.items for c in item.colors} <= {each.name for each in GERMAN.colors}
    assert said(french, "pattern") <= {"uni", "rayé"}
    assert said(french, "category") == said(plain, "category")
    assert len({each.vocabulary_version for each in found.values()}) == 3
    assert [item.embedding for item in german.items] == [item.embedding for item in plain.items]
    with shops.client("german") as client:
        servers = client.analyze(samples[0], vocabulary_version="default")
    assert servers.vocabulary_version == plain.vocabulary_version
    assert said(servers, "pattern") == said(plain, "pattern")


def test_no_tenant_names_anothers_words(shops: Shops, samples: list[Path]) -> None:
    with shops.client("german") as german, shops.client("french") as french:
        version = german.get_tenant_settings().vocabulary_version
        with pytest.raises(FailedPrecondition, match="vocabulary_version asks for"):
            french.analyze(samples[0], vocabulary_version=version)
        for call in (
            lambda: french.get_tenant_settings("german"),
            lambda: french.update_tenant_settings(TenantSettings("german")),
        ):
            with pytest.raises(PermissionDenied):
                call()
    with Client(shops.server.address, token=shops.operator) as operator:
        assert operator.analyze(samples[0], vocabulary_version=version).vocabulary_version == version


def test_a_tenant_searches_in_its_words(shops: Shops, samples: list[Path]) -> None:
    with shops.client("german") as german, shops.client("plain") as plain:
        for client in (german, plain):
            for photo in samples[:3]:
                client.wait_for_indexing_job(client.index(photo).id)
        items = list(german.iter_items())
        color = items[0].colors[0].name
        found = german.search(samples[0], where=f"main_color={color}", facets=["main_color", "pattern"])
        hits = [hit for query in found.queries for hit in query.hits]
        assert hits
        of_family = {each.name for each in GERMAN.colors if color in (each.name, each.family)}
        assert color in {hit.item.colors[0].name for hit in hits} <= of_family
        main, pattern = found.facets
        assert {each.value for each in main.values} <= {each.name for each in GERMAN.colors}
        assert {each.value for each in pattern.values} <= {"einfarbig", "gestreift", "kariert"}
        with pytest.raises(InvalidInput, match="is not a colour; use one of rot, blau, marine, hell, dunkel"):
            german.search(samples[0], where="main_color=teal")
        with pytest.raises(InvalidInput, match="is unknown; use one of plain"):
            plain.search(samples[0], where="pattern=gestreift")
        changed = german.search(
            examples=ExampleSet((Example(photo=samples[0]), Example(text="in dunkelrot")))
        )
        conditions = changed.queries[0].applied_filter.conditions
        assert next(each for each in conditions if each.field == "main_color").test.values == ("rot",)  # type: ignore[union-attr]
        assert german.limits().catalog.filter_fields == plain.limits().catalog.filter_fields


def test_items_are_stale_after_a_change_of_words_until_they_are_indexed_anew(
    shops: Shops, samples: list[Path]
) -> None:
    with shops.client("french") as client, shops.client("plain") as plain:
        for each in (client, plain):
            each.wait_for_indexing_job(each.index(samples[3]).id)
        (counted,) = client.list_item_versions().counted
        assert not counted.stale
        client.update_tenant_settings(TenantSettings(taxonomy=GERMAN))
        now = client.list_item_versions()
        assert now.served.vocabulary_version == client.get_tenant_settings().vocabulary_version
        assert [each.stale for each in now.counted] == [True]
        assert not any(each.stale for each in plain.list_item_versions().counted)
        client.wait_for_operation(client.start_reindex().id)
        (counted,) = client.list_item_versions().counted
        assert not counted.stale
        assert {item.attributes["pattern"].values[0].value for item in client.iter_items()} <= patterns(
            GERMAN
        )


def test_a_tenants_weights_rank_searches_that_give_none(shops: Shops, samples: list[Path]) -> None:
    with shops.client("plain") as client:
        client.wait_for_indexing_job(client.index(samples[0]).id)

        def terms(weights: RankWeights | None = None, *, rerank: bool = True) -> set[str]:
            found = client.search(samples[0], rank_weights=weights, rerank=rerank)
            return {term.name for query in found.queries for hit in query.hits for term in hit.terms}

        assert "color" not in terms()
        client.update_tenant_settings(TenantSettings(rank_weights=RankWeights(color=0.3)))
        assert "color" in terms()
        assert "color" not in terms(RankWeights(shape=0.1))
        assert "color" not in terms(rerank=False)
        client.update_tenant_settings(TenantSettings())
        assert "color" not in terms()


def test_words_change_while_calls_are_answered(shops: Shops, samples: list[Path]) -> None:
    """Every answer is in the words of one taxonomy, the one that it names."""
    answers: list[ImageAnalysis] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def call() -> None:
        try:
            with shops.client("french") as client:
                while not done.is_set():
                    answers.append(client.analyze(samples[0], timeout_s=60))
        except BaseException as error:
            errors.append(error)

    callers = [threading.Thread(target=call) for _ in range(2)]
    for caller in callers:
        caller.start()
    vocabularies = {}
    with shops.client("french") as client:
        for taxonomy in (GERMAN, FRENCH, GERMAN):
            version = client.update_tenant_settings(TenantSettings(taxonomy=taxonomy)).vocabulary_version
            vocabularies[version] = patterns(taxonomy)
            assert client.analyze(samples[0]).vocabulary_version == version
    done.set()
    for caller in callers:
        caller.join(60)
    assert not errors
    assert answers
    for answer in answers:
        assert said(answer, "pattern") <= vocabularies[answer.vocabulary_version]


def test_settings_are_changed_by_command(
    shops: Shops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARMOIRE_ADDRESS", shops.server.address)
    monkeypatch.setenv("ARMOIRE_API_KEY", shops.operator)
    file = tmp_path / "german.toml"
    file.write_text(GERMAN_FILE)
    settings = ["admin", "tenant", "settings"]
    assert main([*settings, "set", "german", str(file)]) == 0
    with shops.client("german") as client:
        own = client.get_tenant_settings()
        assert own.rank_weights == RankWeights(color=pytest.approx(0.4))
        assert own.taxonomy.colors[0].synonyms == ("red",)
        with pytest.raises(Conflict):
            client.update_tenant_settings(TenantSettings(etag="0"))
        capsys.readouterr()
        assert main([*settings, "show", "german", "--json"]) == 0
        shown = tmp_path / "shown.json"
        shown.write_text(capsys.readouterr().out)
        assert main([*settings, "reset", "german"]) == 0
        assert client.get_tenant_settings().taxonomy == Taxonomy()
        assert main([*settings, "set", "german", str(shown)]) == 0
        assert client.get_tenant_settings() == own
        records = client.list_audit_records(action="UpdateTenantSettings").items
        assert records[0].resource == "tenants/german/settings"
        assert records[0].after["taxonomy.colors"] == 2
    file.write_text(GERMAN_FILE.replace("45.0, 66.0, 45.0", "450.0, 66.0, 45.0"))
    capsys.readouterr()
    assert main([*settings, "set", "german", str(file)]) == 1
    assert "settings.taxonomy.colors[0].lab" in capsys.readouterr().err


def test_words_outlast_a_restart(shops: Shops, samples: list[Path]) -> None:
    with shops.client("german") as client:
        before = client.analyze(samples[0])
    shops.server.stop()
    shops.server.start()
    with shops.client("german") as client:
        after = client.analyze(samples[0])
    assert (after.vocabulary_version, said(after, "pattern")) == (
        before.vocabulary_version,
        said(before, "pattern"),
    )
