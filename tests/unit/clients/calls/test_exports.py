"""Exports, and reviews from another server, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from armoire import Box, DatasetSplit, ReviewedAttribute, ReviewedItem
from armoire.messages.exports import catalog_export_from_any
from armoire.v1 import exports_pb2, images_pb2, items_pb2, operations_pb2, types_pb2

INFO = exports_pb2.ExportDatasetResponse(info=exports_pb2.DatasetInfo(categories=["dress", "hat"]))


def photo(id: str, *items: exports_pb2.DatasetItem) -> exports_pb2.ExportDatasetResponse:
    split = exports_pb2.DATASET_SPLIT_VAL
    made = exports_pb2.DatasetPhoto(image_id=id, split=split, items=items, fully_reviewed=True)
    return exports_pb2.ExportDatasetResponse(photo=made)


def test_a_dataset_comes_in_pages(
    client: Any, server: Any, item: items_pb2.Item, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("armoire.calls.exports", "armoire.methods.async_exports", "armoire.methods.exports"):
        monkeypatch.setattr(f"{module}.DATASET_PAGE", 2)
    first = photo("a", exports_pb2.DatasetItem(item=item, category="dress"))
    region = images_pb2.RejectedCrop(box=types_pb2.Box(x2=4, y2=3), score=0.5, label="hat")
    first.photo.rejected_detections.append(region)
    server.say("ExportDataset", [INFO, first, photo("b")], [INFO, photo("c")])
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    found = list(
        client.export_dataset(
            after_image_id="0",
            shares=(0.5, 0.25, 0.25),
            include_rejected_detections=True,
            created_from=moment,
        )
    )
    assert [each.image_id for each in found] == ["a", "b", "c"]
    assert (found[0].split, found[0].categories) == (DatasetSplit.VAL, ("dress", "hat"))
    assert (found[0].items[0].item.id, found[0].items[0].category) == (item.id, "dress")
    one, two = server.requests["ExportDataset"]
    assert (one.after_image_id, two.after_image_id, one.max_photos) == ("0", "b", 2)
    assert (one.shares.train, one.include_rejected, one.include_partly_reviewed) == (0.5, False, False)
    assert one.include_rejected_detections
    assert [(each.box.x2, each.label) for each in found[0].rejected_detections] == [(4, "hat")]
    assert one.created_from.ToDatetime(UTC) == moment


def test_a_catalogue_is_exported_in_parts(client: Any, server: Any) -> None:
    operation = operations_pb2.Operation(id="op-1", kind=operations_pb2.OPERATION_KIND_EXPORT)
    part = exports_pb2.CatalogExportPart(name="images-00000.jsonl", size_bytes=3, sha256="ab", records=1)
    operation.response.Pack(exports_pb2.CatalogExport(format_version=1, images=1, parts=[part]))
    server.say("StartCatalogExport", exports_pb2.StartCatalogExportResponse(operation=operation))
    server.say("GetCatalogExportPart", exports_pb2.GetCatalogExportPartResponse(content=b"{}\n"))
    started = client.start_catalog_export()
    export = catalog_export_from_any(started.response)
    assert (export.images, export.parts[0].name, export.parts[0].records) == (1, part.name, 1)
    assert client.get_catalog_export_part(started.id, part.name) == b"{}\n"
    assert server.requests["StartCatalogExport"][0].idempotency_key
    assert server.requests["GetCatalogExportPart"][0].part == part.name


def test_a_review_is_imported(client: Any, server: Any) -> None:
    server.say(
        "ImportReview",
        exports_pb2.ImportReviewResponse(changed=2, added=1, unmatched=3, job_ids=["job-1"]),
    )
    items = [
        ReviewedItem(
            Box(1, 2, 3, 4),
            detected_box=Box(0, 0, 5, 5),
            box_said=True,
            label="",
            attributes={"style": ReviewedAttribute(number=0.5), "color": ReviewedAttribute(("red",))},
            reject_reason="bad_box",
        ),
        ReviewedItem(Box(1, 2, 3, 4)),
    ]
    imported = client.import_review("image-1", items)
    assert (imported.changed, imported.added, imported.unmatched) == (2, 1, 3)
    assert imported.job_ids == ("job-1",)
    one, two = server.requests["ImportReview"][0].items
    assert (one.HasField("label"), two.HasField("label")) == (True, False)
    assert (one.detected_box.x2, two.HasField("detected_box")) == (5, False)
    assert (one.attributes["style"].number, one.attributes["color"].HasField("number")) == (0.5, False)
    assert one.reject_reason == items_pb2.REJECT_REASON_BAD_BOX
