"""Calls of items."""

from __future__ import annotations

import math

from armoire.call import Call, call_of
from armoire.messages.items import item_from_proto
from armoire.messages.types import time_from_proto
from armoire.v1 import items_pb2
from armoire.values.images import ImageUrl
from armoire.values.items import Item
from armoire.values.types import Page


def get_item(
    item_id: str,
    include_embedding: bool = False,
    include_crop: bool = False,
    include_alternatives: bool = False,
) -> Call[Item]:
    return call_of(
        "armoire.v1.CatalogService/GetItem",
        items_pb2.GetItemRequest(
            item_id=item_id,
            include_embedding=include_embedding,
            include_crop=include_crop,
            include_alternatives=include_alternatives,
        ),
        items_pb2.GetItemResponse,
        lambda reply: item_from_proto(reply.item),
    )


def get_crop_url(item_id: str, lifetime_s: float = 0) -> Call[ImageUrl]:
    return call_of(
        "armoire.v1.CatalogService/GetItem",
        items_pb2.GetItemRequest(
            item_id=item_id, include_crop_url=True, url_lifetime_s=math.ceil(lifetime_s)
        ),
        items_pb2.GetItemResponse,
        lambda reply: ImageUrl(reply.crop_url, "image/jpeg", time_from_proto(reply.crop_url_expire_time)),
    )


def list_items(
    page_size: int = 0,
    page_token: str = "",
    product_id: str = "",
    image_id: str = "",
    show_rejected: bool = False,
    min_garment_score: float | None = None,
    max_garment_score: float | None = None,
    where: str = "",
    include_crop_urls: bool = False,
) -> Call[Page[Item]]:
    return call_of(
        "armoire.v1.CatalogService/ListItems",
        items_pb2.ListItemsRequest(
            page_size=page_size,
            page_token=page_token,
            product_id=product_id,
            image_id=image_id,
            show_rejected=show_rejected,
            min_garment_score=min_garment_score,
            max_garment_score=max_garment_score,
            where=where,
            include_crop_urls=include_crop_urls,
        ),
        items_pb2.ListItemsResponse,
        lambda reply: Page(tuple(map(item_from_proto, reply.items)), reply.next_page_token),
    )
