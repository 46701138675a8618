"""Items, through both clients."""

from __future__ import annotations

from typing import Any

from armoire.v1 import (
    items_pb2,
)


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
    assert client.list_items(image_id="image-1").items == (found,)
    assert server.requests["ListItems"][0].image_id == "image-1"
    assert [*client.iter_items(product_id="product-1", page_size=5, max_garment_score=0.3)] == [found]
    bounds = server.requests["ListItems"][1]
    assert (bounds.max_garment_score, bounds.HasField("min_garment_score")) == (0.3, False)
    assert server.requests["ListItems"][1].product_id == "product-1"
    assert (found.primary_in_product, found.etag, found.update_time) == (False, "e1", None)
