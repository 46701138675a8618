"""`armoire export dataset` against a catalogue on real stores."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from armoire.calls import exports as export_calls
from domain.types import DEFAULT_PRINCIPAL, Box, Principal
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.dataset_split import DatasetShares
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.reviewed_photos import ReviewedFilter
from services.catalog.resources.exports import DatasetRequest
from services.catalog.resources.review_statistics import StatisticsRequest
from tests.integration.catalog.fake_analyzer import photo
from tests.integration.catalog.flows import OTHER, index, items_of
from tests.integration.catalog.served import Served, served

REVIEWER = Principal("default", "user:7")
TURNED = 6


@pytest.fixture
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with served(tmp_path_factory.mktemp("server")) as each:
        yield each


def turned_photo() -> bytes:
    """A JPEG that EXIF turns: 60 by 40 pixels once it is upright."""
    pixels = np.random.default_rng(9).integers(0, 256, (60, 40, 3), dtype=np.uint8)
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0112] = TURNED
    Image.fromarray(pixels).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


async def verified(catalog: Catalog, content: bytes, product_id: str = "") -> list[Item]:
    """The items of a photo, which a person has verified."""
    items = await items_of(catalog, await index(catalog, IndexRequest(content, product_id=product_id)))
    for item in items:
        await catalog.corrections.verify(REVIEWER, item.id)
    return items


def lines_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "photos.jsonl").read_text().splitlines()]


async def test_reviewed_photos_are_written_for_yolo(server: Served, tmp_path: Path) -> None:
    catalog = server.catalog
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(display_name="Coat"))
    of_product = [await verified(catalog, photo(seed), product.id) for seed in range(3)]
    (turned, *_) = await verified(catalog, turned_photo())
    await index(catalog, IndexRequest(photo(7)))  # nobody has looked at it
    (wrong, *others) = await items_of(catalog, await index(catalog, IndexRequest(photo(8))))
    await catalog.corrections.reject(REVIEWER, wrong.id, RejectReason.NOT_A_GARMENT)
    for item in others:
        await catalog.corrections.verify(REVIEWER, item.id)
    folder = tmp_path / "yolo"
    options = ("--format", "yolo", "--splits", "0.4,0.3,0.3", "--include-rejected")

    outcome = await server.armoire("export", "dataset", str(folder), *options)
    assert (outcome.status, outcome.err) == (0, "")
    (document,) = outcome.documents
    assert (sum(document["photos"].values()), document["left_out"]) == (5, 0)
    by_id = {line["image_id"]: line for line in lines_of(folder)}
    split = DatasetShares(0.4, 0.3, 0.3).split_of("", product.id).value
    for items in of_product:
        line = by_id[items[0].image_id]
        assert (line["split"], len(line["items"])) == (split, len(items))
    categories = [category.name for category in server.catalog._taxonomy.categories]
    line = by_id[wrong.image_id]
    label = (folder / "labels" / line["split"] / f"{wrong.image_id}.txt").read_text().splitlines()[0]
    number, *shares = label.split()
    assert int(number) == len(categories)
    box = wrong.box
    centre = [(box.x1 + box.x2) / 2 / 60, (box.y1 + box.y2) / 2 / 40]
    assert [float(share) for share in shares] == pytest.approx(
        [*centre, box.width / 60, box.height / 40], abs=1e-6
    )
    place = by_id[turned.image_id]["file"]
    with Image.open(folder / place) as upright, Image.open(io.BytesIO(turned_photo())) as stored:
        assert (upright.format, upright.size, upright.getexif().get(0x0112)) == ("PNG", (60, 40), None)
        assert np.array_equal(np.asarray(upright), np.rot90(np.asarray(stored), -1))
    place = by_id[of_product[0][0].image_id]["file"]
    assert (folder / place).read_bytes() == photo(0)


async def test_detections_that_became_no_items_are_regions_to_ignore(server: Served, tmp_path: Path) -> None:
    catalog = server.catalog
    items = await verified(catalog, photo(1))
    image = await catalog.images.get(DEFAULT_PRINCIPAL, items[0].image_id)
    (rejected,) = image.rejected_crops
    options = ("--splits", "1,0,0", "--include-rejected-detections")
    for form in ("coco", "yolo", "image-text"):
        outcome = await server.armoire("export", "dataset", str(tmp_path / form), "--format", form, *options)
        assert (outcome.status, outcome.err) == (0, "")
    instances = json.loads((tmp_path / "coco/annotations/instances_train.json").read_text())
    ignore = {each["name"]: each["id"] for each in instances["categories"]}["ignore"]
    *garments, region = instances["annotations"]
    box = rejected.box
    assert region["bbox"] == [box.x1, box.y1, box.width, box.height]
    assert (region["category_id"], region["iscrowd"], region["item_id"]) == (ignore, 1, "")
    assert [(each["iscrowd"], each["item_id"]) for each in garments] == [(0, item.id) for item in items]
    labels = (tmp_path / f"yolo/labels/train/{image.id}.txt").read_text().splitlines()
    assert int(labels[-1].split()[0]) == ignore - 1
    assert len(labels) == len(items) + 1
    assert len((tmp_path / "image-text/pairs.jsonl").read_text().splitlines()) == len(items), "no pair"


async def test_an_export_goes_on_where_it_was_cut_off(
    server: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_calls, "DATASET_PAGE", 2)
    monkeypatch.setattr("armoire.methods.async_exports.DATASET_PAGE", 2)
    for seed in range(5):
        await verified(server.catalog, photo(seed))
    folder = tmp_path / "coco"
    content, calls = server.catalog.images.content, 0

    async def fails_later(principal: Principal, image_id: str) -> Any:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise RuntimeError("the server ends here")
        return await content(principal, image_id)

    monkeypatch.setattr(server.catalog.images, "content", fails_later)
    command = ("export", "dataset", str(folder), "--format", "coco", "--concurrency", "1")
    first = await server.armoire(*command)
    assert first.status == 1
    whole = lines_of(folder)
    with (folder / "photos.jsonl").open("a") as lines:
        lines.write('{"image_id": "cut o')
    for seed in range(5, 7):
        await verified(server.catalog, photo(seed))
    again = await server.armoire(*command)
    assert (again.status, again.err) == (0, "")
    found = lines_of(folder)
    assert found[: len(whole)] == whole
    ids = [line["image_id"] for line in found]
    assert (ids, len(set(ids))) == (sorted(ids), len(ids))
    instances = [json.loads(path.read_text()) for path in (folder / "annotations").iterdir()]
    assert sum(len(each["images"]) for each in instances) == len(found)

    other = await server.armoire("export", "dataset", str(folder), "--format", "yolo")
    assert (other.status, "other options" in other.err) == (1, True)


async def test_pairs_are_made_of_what_people_said(server: Served, tmp_path: Path) -> None:
    (item, *_) = await verified(server.catalog, photo(1))
    folder = tmp_path / "pairs"
    outcome = await server.armoire("export", "dataset", str(folder), "--format", "image-text")
    assert outcome.status == 0
    pairs = [json.loads(line) for line in (folder / "pairs.jsonl").read_text().splitlines()]
    pair = next(each for each in pairs if each["item_id"] == item.id)
    pattern = item.attributes["pattern"].value
    words = [item.colors[0].name, *([] if pattern == "plain" else [pattern]), item.label]
    assert pair["text"] == f"{' '.join(words)}, {item.attributes['style'].value} style"
    with Image.open(folder / pair["image"]) as crop:
        assert crop.size == (int(item.box.width), int(item.box.height))


async def test_a_catalogue_without_reviews_has_no_dataset(server: Served, tmp_path: Path) -> None:
    await index(server.catalog, IndexRequest(photo(1)))
    outcome = await server.armoire("export", "dataset", str(tmp_path / "none"), "--format", "yolo")
    assert (outcome.status, "reviewed no photo" in outcome.err) == (1, True)
    assert not list((tmp_path / "none").glob("images/*/*"))
    with pytest.raises(SystemExit):
        await server.armoire("export", "dataset", "x", "--format", "yolo", "--splits", "0.5,0.6,0")


Labelled = dict[bytes, list[tuple[str, Box]]]
"""The category and the box of each garment, by the bytes of its photo."""


def read_yolo(folder: Path) -> Labelled:
    """What a YOLO tool reads of a folder."""
    names = yaml.safe_load((folder / "data.yaml").read_text())["names"]
    found: Labelled = {}
    for path in (folder / "images").rglob("*.png"):
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
        garments = []
        for line in (folder / "labels" / path.parent.name / f"{path.stem}.txt").read_text().splitlines():
            number, x, y, w, h = map(float, line.split())
            left, top = (x - w / 2) * width, (y - h / 2) * height
            garments.append((names[int(number)], Box(left, top, left + w * width, top + h * height)))
        found[content] = garments
    return found


def read_coco(folder: Path) -> Labelled:
    """What a COCO tool reads of a folder."""
    found: Labelled = {}
    for path in (folder / "annotations").glob("*.json"):
        document = json.loads(path.read_text())
        names = {each["id"]: each["name"] for each in document["categories"]}
        split = path.stem.removeprefix("instances_")
        contents = {
            each["id"]: (folder / "images" / split / each["file_name"]).read_bytes()
            for each in document["images"]
        }
        found |= {content: [] for content in contents.values()}
        for each in document["annotations"]:
            x, y, w, h = each["bbox"]
            garment = (names[each["category_id"]], Box(x, y, x + w, y + h))
            found[contents[each["image_id"]]].append(garment)
    return found


async def exported(catalog: Catalog, principal: Principal) -> set[tuple[str, str, tuple[float, ...]]]:
    """The reviewed set of a tenant: the hash of each photo with a category and a box of it."""
    request = DatasetRequest(wanted=ReviewedFilter(partly=True))
    return {
        (entry.image.sha256, category, tuple(round(side, 2) for side in astuple(item.box)))
        async for entry in catalog.exports.dataset(principal, request)
        for item, category in entry.items
    }


@pytest.mark.parametrize(("form", "read"), [("yolo", read_yolo), ("coco", read_coco)])
async def test_an_exported_set_comes_back_the_same(
    server: Served, tmp_path: Path, form: str, read: Callable[[Path], Labelled]
) -> None:
    catalog = server.catalog
    for seed in range(4):
        items = await verified(catalog, photo(seed))
        await catalog.corrections.correct(REVIEWER, items[0].id, label="hat", box=Box(3, 4, 33, 31))
    before = await exported(catalog, DEFAULT_PRINCIPAL)
    counts = (await catalog.review_statistics.read(DEFAULT_PRINCIPAL, StatisticsRequest())).counts
    assert len(before) == counts.reviewed > 4
    folder = tmp_path / form
    outcome = await server.armoire("export", "dataset", str(folder), "--format", form)
    assert outcome.status == 0

    for content, garments in read(folder).items():
        boxes = tuple(box for _, box in garments)
        job = await index(catalog, IndexRequest(content, boxes), OTHER)
        for item, (category, _) in zip(await items_of(catalog, job, OTHER), garments, strict=True):
            await catalog.corrections.correct(OTHER, item.id, label=category, verify=True)

    assert await exported(catalog, OTHER) == before
