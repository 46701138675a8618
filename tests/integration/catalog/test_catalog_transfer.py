"""A catalogue is exported into a folder and imported at another server, by the command."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from domain.types import DEFAULT_PRINCIPAL, Box, Principal
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations import catalog_export
from services.catalog.records.answers import Answer
from services.catalog.records.corrections import Correction
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.jobs import JobState
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.query import ItemQuery, SearchOptions
from tests.integration.catalog.fake_analyzer import photo
from tests.integration.catalog.flows import end_of, index, items_of
from tests.integration.catalog.served import Served, served

REVIEWER = Principal("default", "user:7")
SEEDS = range(6)
UNKNOWN_ID = "01a1fd28-59fa-7859-95d7-d9983decee98"


@pytest.fixture
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("here")) as each:
        yield each


@pytest.fixture
async def there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("there")) as each:
        yield each


@pytest.fixture
async def elsewhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """On the database that the test names."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    async with served(tmp_path_factory.mktemp("elsewhere"), url) as each:
        yield each


async def fill(catalog: Catalog) -> None:
    """Products with and without an external id, photos of them and of none, and all kinds of corrections."""
    shown = ProductDraft(
        display_name="Coat",
        external_id="SKU-1",
        description="Long,\nwarm",
        brand="B",
        category="outerwear",
        price=Money("EUR", 39, 900_000_000),
        list_price=Money("EUR", 59),
        url="https://shop.example/coat",
        availability=Availability.IN_STOCK,
        attributes={"material": "linen"},
    )
    coat = await catalog.products.create(DEFAULT_PRINCIPAL, shown)
    plain = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(display_name="No id"))
    owners = [coat.id, coat.id, plain.id, "", "", ""]
    requests = [
        IndexRequest(photo(seed), image_name=f"{seed}.png", product_id=owner)
        for seed, owner in zip(SEEDS, owners, strict=True)
    ]
    boxes = (Box(3.0, 4.0, 33.0, 31.0),)
    requests[5] = IndexRequest(photo(5), boxes, image_name="5.png")
    items = [await items_of(catalog, await index(catalog, request)) for request in requests]
    await review(catalog, [item for of_photo in items for item in of_photo])


async def review(catalog: Catalog, items: list[Item]) -> None:
    """One correction of each kind; those that make crops anew are waited for."""
    corrections = catalog.corrections
    one, two, three, four, *_ = items
    await corrections.verify(REVIEWER, one.id)
    await corrections.correct(REVIEWER, two.id, label="hat", attributes={"color": Answer(("red",))})
    await corrections.reject(REVIEWER, three.id, RejectReason.NOT_A_GARMENT)
    said = {"pattern": Answer(not_values=("striped",)), "category": Answer(not_values=("dress",))}
    drawn = Box(four.box.x1 + 1.5, 1.0, four.box.x2, 25.0)
    jobs = [(await corrections.correct(REVIEWER, four.id, attributes=said, box=drawn)).job_id]
    jobs += [
        (await corrections.add(REVIEWER, items[-1].image_id, Box(41.0, 2.0, 59.0, 39.0), label="bag")).job_id
    ]
    of_coat = [item for item in items if item.product_id == one.product_id and item.id != three.id]
    await corrections.set_primary(REVIEWER, of_coat[-1].id, of_product=False)
    await corrections.set_primary(REVIEWER, of_coat[-1].id, of_product=True)
    for job in jobs:
        assert (await end_of(catalog, job)).state is JobState.COMPLETE


async def contents(catalog: Catalog) -> dict[str, Any]:
    """All that a tenant has, by what stays the same at another server."""
    products = (await catalog.products.list(DEFAULT_PRINCIPAL)).entries
    images = (await catalog.images.list(DEFAULT_PRINCIPAL)).entries
    items = (await catalog.items.list(DEFAULT_PRINCIPAL, page_size=200, show_rejected=True)).entries
    product_names = {product.id: product.display_name for product in products} | {"": ""}
    names = {item.id: f"{item.image_name} {item.box.x1:g}" for item in items}
    fields = ("external_id", "description", "brand", "category", "price", "list_price", "url")
    found: dict[str, Any] = {
        "products": {
            product.display_name: [
                *(getattr(product, name) for name in (*fields, "availability", "attributes")),
                names[product.primary_item_id],
            ]
            for product in products
        },
        "images": {
            image.name: (image.sha256, image.width, image.height, product_names[image.product_id])
            for image in images
        },
        "items": {names[item.id]: _shown(item) for item in items},
        "hits": {},
    }
    for item in items:
        if item.reject_reason is None:
            result = await catalog.search(DEFAULT_PRINCIPAL, ItemQuery(item.id), SearchOptions(50))
            (query,) = result.queries
            hits = sorted((-round(hit.score, 4), names[hit.item.id]) for hit in query.hits)  # ties aside
            found["hits"][names[item.id]] = hits
    return found


def _shown(item: Item) -> tuple[Any, ...]:
    attributes = {
        name: ([entry.value for entry in answer.values], answer.number, answer.source)
        for name, answer in item.attributes.items()
    }
    return (
        *(item.box, item.whole_image, item.label, item.label_source, item.box_source, item.added),
        *(item.reject_reason, item.verify_time is not None, item.primary_in_image, item.primary_in_product),
        *(attributes, item.colors),
    )


async def history(catalog: Catalog) -> Sequence[Correction]:
    return (await catalog.corrections.list(DEFAULT_PRINCIPAL, page_size=200)).entries


async def exported(here: Served, folder: Path) -> dict[str, Any]:
    outcome = await here.armoire("export", "catalog", str(folder))
    assert (outcome.status, outcome.err) == (0, "")
    (document,) = outcome.documents
    return document


async def imported(there: Served, folder: Path) -> dict[str, Any]:
    outcome = await there.armoire("import", "catalog", str(folder))
    assert (outcome.status, outcome.err) == (0, "")
    (document,) = outcome.documents
    return document


@pytest.mark.parametrize("elsewhere", ["sqlite", "postgresql"], indirect=True)
async def test_a_catalogue_is_the_same_at_another_server(
    here: Served, elsewhere: Served, tmp_path: Path
) -> None:
    there = elsewhere
    await fill(here.catalog)
    folder = tmp_path / "folder"
    document = await exported(here, folder)
    assert {name: document[name] for name in ("products", "images", "missing_images")} == {
        "products": 2,
        "images": 6,
        "missing_images": 0,
    }

    first = await imported(there, folder)
    assert (first["products"], first["new_images"], first["failed"]) == (2, 6, 0)
    corrected = {each.item_id for each in await history(here.catalog)}
    assert first["changed_items"] == len(corrected)
    assert (first["added_items"], first["unmatched_items"]) == (1, 0)
    for job in (await there.catalog.jobs.list(DEFAULT_PRINCIPAL)).entries:
        assert (await end_of(there.catalog, job.id)).state is JobState.COMPLETE
    before = await contents(here.catalog)
    after = await contents(there.catalog)
    for kind in ("products", "images", "items", "hits"):
        assert after[kind] == before[kind], kind

    corrections = await history(there.catalog)
    etags = [item.etag for item in (await there.catalog.items.list(DEFAULT_PRINCIPAL)).entries]
    again = await imported(there, folder)
    assert (again["new_products"], again["new_images"], again["changed_items"], again["failed"]) == (
        0,
        0,
        0,
        0,
    )
    assert await history(there.catalog) == corrections
    assert [item.etag for item in (await there.catalog.items.list(DEFAULT_PRINCIPAL)).entries] == etags
    counted = ("products", "images", "items", "missing_images")
    back = await exported(there, tmp_path / "back")
    assert [back[name] for name in counted] == [document[name] for name in counted]


async def test_an_export_goes_on_and_ends_once(
    here: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_export, "_PART_BYTES", 1)
    monkeypatch.setattr(catalog_export, "_IMAGES", 1)
    for seed in SEEDS:
        await index(here.catalog, IndexRequest(photo(seed)))
    folder = tmp_path / "folder"
    catalog = here.catalog
    part, content = catalog.exports.catalog_part, catalog.images.content
    failing = {"images-00003.jsonl", "photo"}

    def fails(name: str) -> bool:
        """Whether it fails, which it does once."""
        is_first = name in failing
        failing.discard(name)
        return is_first

    async def part_fails_once(principal: Principal, operation_id: str, name: str) -> bytes:
        if fails(name):
            raise RuntimeError("the server ends here")
        return await part(principal, operation_id, name)

    async def photo_fails_once(principal: Principal, image_id: str) -> Any:
        return await content(principal, UNKNOWN_ID if fails("photo") else image_id)

    monkeypatch.setattr(catalog.exports, "catalog_part", part_fails_once)
    monkeypatch.setattr(catalog.images, "content", photo_fails_once)
    cut_off = await here.armoire("export", "catalog", str(folder))
    assert (cut_off.status, (folder / "manifest.json").exists()) == (1, False)
    parts = {path.name: path.stat().st_mtime_ns for path in folder.glob("images-*.jsonl")}
    assert len(parts) == 3

    outcome = await here.armoire("export", "catalog", str(folder))  # one photo cannot be had this time
    assert (outcome.status, outcome.documents[0]["missing_images"]) == (1, 1)
    now = {path.name: path.stat().st_mtime_ns for path in folder.glob("images-*.jsonl")}
    assert (len(now), {name: now[name] for name in parts}) == (6, parts)
    again = await here.armoire("export", "catalog", str(folder))
    assert (again.status, "finished export" in again.err) == (1, True)


async def test_a_folder_that_holds_something_else_is_refused(
    here: Served, there: Served, tmp_path: Path
) -> None:
    await index(here.catalog, IndexRequest(photo(1)))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    outcome = await here.armoire("export", "catalog", str(folder))
    assert (outcome.status, "other files" in outcome.err) == (1, True)
    outcome = await there.armoire("import", "catalog", str(folder))
    assert (outcome.status, "no manifest.json" in outcome.err) == (1, True)

    folder = tmp_path / "damaged"
    await exported(here, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"version": 2}))
    outcome = await there.armoire("import", "catalog", str(folder))
    assert (outcome.status, "version 1" in outcome.err) == (1, True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "images-00000.jsonl").write_text("{}\n")
    outcome = await there.armoire("import", "catalog", str(folder))
    assert (outcome.status, "images-00000.jsonl is missing or damaged" in outcome.err) == (1, True)


async def test_what_fails_is_told_and_the_rest_comes(here: Served, there: Served, tmp_path: Path) -> None:
    product = await here.catalog.products.create(
        DEFAULT_PRINCIPAL, ProductDraft(display_name="Coat", external_id="SKU-1")
    )
    for seed, owner in ((1, product.id), (2, ""), (3, "")):
        await index(here.catalog, IndexRequest(photo(seed), image_name=f"{seed}.png", product_id=owner))
    deleted = await there.catalog.products.create(
        DEFAULT_PRINCIPAL, ProductDraft(display_name="Old", external_id="SKU-1")
    )
    await there.catalog.products.delete(DEFAULT_PRINCIPAL, deleted.id)
    folder = tmp_path / "folder"
    await exported(here, folder)
    damaged = next(path for path in folder.glob("originals/*/*.png") if path.read_bytes() == photo(2))
    damaged.write_bytes(b"no picture")

    outcome = await there.armoire("import", "catalog", str(folder))
    *failures, document = outcome.documents
    assert (outcome.status, document["images"], document["failed"]) == (1, 1, 3)
    assert [(each["kind"], each["name"], each["error"]["reason"]) for each in failures] == [
        ("product", "SKU-1", "EXTERNAL_ID_TAKEN"),
        ("image", "1.png", "FAILED_PRECONDITION"),
        ("image", "2.png", "FILE_DAMAGED"),
    ]
    damaged.write_bytes(photo(2))
    outcome = await there.armoire("import", "catalog", str(folder))
    assert (outcome.documents[-1]["images"], outcome.documents[-1]["new_images"]) == (2, 1)
    names = {image.name for image in (await there.catalog.images.list(DEFAULT_PRINCIPAL)).entries}
    assert names == {"2.png", "3.png"}


async def test_a_changed_product_without_an_external_id_is_the_same_one(
    here: Served, there: Served, tmp_path: Path
) -> None:
    product = await here.catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(display_name="Coat"))
    await exported(here, tmp_path / "one")
    await imported(there, tmp_path / "one")
    changes = ProductDraft(display_name="Long coat", brand="B")
    await here.catalog.products.update(DEFAULT_PRINCIPAL, ProductKey(product.id), changes)
    await exported(here, tmp_path / "two")
    await imported(there, tmp_path / "two")
    (only,) = (await there.catalog.products.list(DEFAULT_PRINCIPAL)).entries
    assert (only.display_name, only.brand) == ("Long coat", "B")


async def test_a_photo_that_was_moved_is_moved_at_the_other_server(
    here: Served, there: Served, tmp_path: Path
) -> None:
    one, two = [
        await here.catalog.products.create(
            DEFAULT_PRINCIPAL, ProductDraft(display_name=name, external_id=name)
        )
        for name in ("one", "two")
    ]
    job = await index(here.catalog, IndexRequest(photo(1), image_name="1.png", product_id=one.id))
    await exported(here, tmp_path / "before")
    await imported(there, tmp_path / "before")
    moved = await here.armoire("images", "move", job.image_id, "--product", two.id)
    assert moved.status == 0
    await exported(here, tmp_path / "after")
    assert (await imported(there, tmp_path / "after"))["new_images"] == 0
    (image,) = (await there.catalog.images.list(DEFAULT_PRINCIPAL)).entries
    owner = await there.catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(image.product_id))
    assert (image.name, owner.external_id) == ("1.png", "two")
