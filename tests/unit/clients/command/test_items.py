from __future__ import annotations

from typing import Any

from armoire.v1 import items_pb2
from tests.unit.clients.command.outcomes import documents

ITEM = {
    "item_id": "item-1",
    "image_id": "image-1",
    "image": "dress.jpg",
    "product_id": "product-1",
    "box_xyxy": [1, 2, 30, 40],
    "score": 0.5,
    "label": "dress",
    "whole_image": False,
    "primary_in_image": True,
    "primary_in_product": False,
    "attributes": {"color": {"value": "red", "score": 0.25, "source": "model"}},
    "colors": [{"name": "red", "fraction": 1.0}],
    "categories": [{"value": "jersey", "score": 0.75}],
    "garment_score": None,
    "warnings": [],
    "model_version": "clip@1",
    "preprocess_version": "square@1",
    "classifier_version": "lite0@1",
    "classifier_preprocess_version": "shortest@1",
    "label_source": "unknown",
    "box_source": "unknown",
    "added": False,
    "reject_reason": None,
    "verify_time": None,
    "etag": "e1",
    "create_time": "2023-11-14T22:13:20+00:00",
    "update_time": None,
}


def test_items_are_listed(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    server.say("ListItems", items_pb2.ListItemsResponse(items=[item]))
    status, out, _ = armoire("items", "list", "--product", "product-1", "--image", "image-1", "--json")
    assert (status, documents(out)) == (0, [ITEM])
    assert (
        armoire(
            "items", "list", "--max-garment-score", "0.3", "--min-garment-score", "0.1", "--where", "a=b"
        )[0]
        == 0
    )
    request, bounds = server.requests["ListItems"]
    assert (bounds.min_garment_score, bounds.max_garment_score, bounds.where) == (0.1, 0.3, "a=b")
    assert not request.HasField("max_garment_score")
    assert (request.product_id, request.image_id, request.page_size) == ("product-1", "image-1", 20)


def test_items_by_id_for_people(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    server.say("GetItem", items_pb2.GetItemResponse(item=item))
    status, out, _ = armoire("items", "get", "item-1")
    header, row = out.splitlines()
    assert status == 0
    assert header.split()[:3] == ["item", "label", "score"]
    words = ("item-1", "dress", "0.500", "1 2 30 40", "red 100%", "photo", "dress.jpg", "product-1")
    assert all(word in row for word in words)


def test_urls_of_crops_are_lines_of_their_own(armoire: Any, server: Any) -> None:
    server.say("GetItem", items_pb2.GetItemResponse(crop_url="https://blobs.example/1"))
    status, out, _ = armoire("items", "url", "item-1", "--lifetime", "10m")
    assert (status, out) == (0, "https://blobs.example/1\n")
    (request,) = server.requests["GetItem"]
    assert (request.item_id, request.include_crop_url, request.url_lifetime_s) == ("item-1", True, 600)


def test_the_reason_of_rejected_items_has_a_column(armoire: Any, server: Any, item: items_pb2.Item) -> None:
    item.reject_reason = items_pb2.REJECT_REASON_BAD_BOX
    server.say("ListItems", items_pb2.ListItemsResponse(items=[item]))
    header, row = armoire("items", "list", "--rejected")[1].splitlines()
    assert (header.split()[-1], row.split()[-1]) == ("rejected", "bad_box")
    assert "bad_box" not in armoire("items", "list")[1]
