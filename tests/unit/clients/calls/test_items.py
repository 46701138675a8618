"""Items, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from armoire.v1 import (
    items_pb2,
)
from armoire.values.images import ImageUrl


def test_items(client: Any, server: Any, item: items_pb2.Item) -> None:
    server.say("GetItem", items_pb2.GetItemResponse(item=item))
    server.say("ListItems", items_pb2.ListItemsResponse(items=[item]))
    found = client.get_item("item-1", include_embedding=True)
    assert (found.label, found.primary_in_image, found.box.x2, found.embedding, found.crop) == (
        "dress",
        True,
        30,
        None,
        None,
    )
    assert server.requests["GetItem"][0].include_embedding
    assert client.list_items(image_id="image-1", where="color=red").items == (found,)
    assert server.requests["ListItems"][0].image_id == "image-1"
    assert server.requests["ListItems"][0].where == "color=red"
    assert [*client.iter_items(product_id="product-1", page_size=5, max_garment_score=0.3)] == [found]
    bounds = server.requests["ListItems"][1]
    assert (bounds.max_garment_score, bounds.HasField("min_garment_score")) == (0.3, False)
    assert server.requests["ListItems"][1].product_id == "product-1"
    assert (found.primary_in_product, found.etag, found.update_time) == (False, "e1", None)


def test_a_url_of_a_crop(client: Any, server: Any) -> None:
    server.say(
        "GetItem",
        items_pb2.GetItemResponse(
            crop_url="https://blobs.example/1", crop_url_expire_time={"seconds": 1_700_000_000}
        ),
    )
    link = ImageUrl("https://blobs.example/1", "image/jpeg", datetime.fromtimestamp(1_700_000_000, UTC))
    assert client.get_crop_url("item-1", lifetime_s=1.5) == link
    (request,) = server.requests["GetItem"]
    assert (request.item_id, request.include_crop_url, request.url_lifetime_s) == ("item-1", True, 2)
