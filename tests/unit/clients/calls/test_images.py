"""Indexed photos, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from armoire import Box, Image, ImageContent, ImageUrl, QualityIssue, RejectedCrop
from armoire.v1 import images_pb2

SENT = images_pb2.Image(
    id="image-1",
    name="dress.jpg",
    product_id="product-1",
    width=60,
    height=80,
    format="jpeg",
    size_bytes=1234,
    sha256="ab",
    warnings=["QUALITY_ISSUE_LOW_RESOLUTION"],
    rejected_crops=[
        {"box": {"x2": 5, "y2": 6}, "score": 0.5, "label": "bag", "reason": "QUALITY_ISSUE_TOO_SMALL"}
    ],
    etag="e1",
    create_time={"seconds": 1_700_000_000},
)
EXPECTED = Image(
    id="image-1",
    name="dress.jpg",
    product_id="product-1",
    width=60,
    height=80,
    format="jpeg",
    size_bytes=1234,
    sha256="ab",
    warnings=(QualityIssue.LOW_RESOLUTION,),
    rejected_crops=(RejectedCrop(Box(0, 0, 5, 6), 0.5, "bag", QualityIssue.TOO_SMALL),),
    etag="e1",
    create_time=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
    update_time=None,
    delete_time=None,
)


def test_images(client: Any, server: Any) -> None:
    server.say("GetImage", images_pb2.GetImageResponse(image=SENT))
    server.say("ListImages", images_pb2.ListImagesResponse(images=[SENT]))
    assert client.get_image("image-1") == EXPECTED
    assert client.list_images(product_id="product-1", page_size=3).items == (EXPECTED,)
    assert [*client.iter_images(product_id="product-1", text="front", order_by="name")] == [EXPECTED]
    first, second = server.requests["ListImages"]
    assert (first.product_id, first.page_size) == ("product-1", 3)
    assert (second.product_id, second.text, second.order_by) == ("product-1", "front", "name")


@pytest.mark.parametrize(
    ("call", "options", "rendition", "max_side_px"),
    [
        ("get_image_content", {}, images_pb2.RENDITION_ORIGINAL, 0),
        ("get_thumbnail", {}, images_pb2.RENDITION_THUMBNAIL, 0),
        ("get_thumbnail", {"max_side_px": 64}, images_pb2.RENDITION_THUMBNAIL, 64),
    ],
)
def test_pictures(
    client: Any, server: Any, call: str, options: dict[str, int], rendition: int, max_side_px: int
) -> None:
    server.say(
        "GetImageContent", images_pb2.GetImageContentResponse(content=b"jpeg", media_type="image/jpeg")
    )
    assert getattr(client, call)("image-1", **options) == ImageContent(b"jpeg", "image/jpeg")
    (request,) = server.requests["GetImageContent"]
    assert (request.image_id, request.rendition, request.max_side_px) == ("image-1", rendition, max_side_px)
    assert not request.as_url


def test_a_url(client: Any, server: Any) -> None:
    reply = images_pb2.GetImageContentResponse(
        url="https://blobs.example/1", media_type="image/png", url_expire_time={"seconds": 1_700_000_000}
    )
    server.say("GetImageContent", reply)
    link = ImageUrl("https://blobs.example/1", "image/png", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC))
    assert client.get_image_url("image-1") == link
    assert client.get_image_url("image-1", thumbnail_px=64, lifetime_s=1.5) == link
    original, thumbnail = server.requests["GetImageContent"]
    assert (original.as_url, original.rendition) == (True, images_pb2.RENDITION_ORIGINAL)
    assert (original.max_side_px, original.url_lifetime_s) == (0, 0)
    assert (thumbnail.as_url, thumbnail.rendition) == (True, images_pb2.RENDITION_THUMBNAIL)
    assert (thumbnail.max_side_px, thumbnail.url_lifetime_s) == (64, 2)


def test_an_image_is_deleted(client: Any, server: Any) -> None:
    server.say("DeleteImage", images_pb2.DeleteImageResponse())
    assert client.delete_image("image-1", etag="e1") is None
    (request,) = server.requests["DeleteImage"]
    assert (request.image_id, request.etag) == ("image-1", "e1")
