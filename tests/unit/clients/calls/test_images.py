"""Indexed photos, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from armoire import (
    Box,
    DuplicateGroup,
    DuplicatePhoto,
    FoundDuplicates,
    Image,
    ImageContent,
    ImageUrl,
    NearDuplicate,
    QualityIssue,
    RejectedCrop,
)
from armoire.v1 import duplicates_pb2, images_pb2

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
    perceptual_hash="0f" * 32,
    hash_quality=0,
    near_duplicate_of={"image_id": "image-0", "distance": 4},
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
    perceptual_hash="0f" * 32,
    hash_quality=0,
    near_duplicate_of=NearDuplicate("image-0", 4),
)


def test_images(client: Any, server: Any) -> None:
    server.say("GetImage", images_pb2.GetImageResponse(image=SENT))
    server.say("ListImages", images_pb2.ListImagesResponse(images=[SENT]))
    assert client.get_image("image-1") == EXPECTED
    assert client.list_images(product_id="product-1", page_size=3).items == (EXPECTED,)
    assert [
        *client.iter_images(product_id="product-1", text="front", order_by="name", only_deleted=True)
    ] == [EXPECTED]
    first, second = server.requests["ListImages"]
    assert (first.product_id, first.page_size) == ("product-1", 3)
    assert (second.product_id, second.text, second.order_by) == ("product-1", "front", "name")
    assert (first.only_deleted, second.only_deleted) == (False, True)


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


def test_an_image_that_is_not_hashed(client: Any, server: Any) -> None:
    server.say("GetImage", images_pb2.GetImageResponse(image=images_pb2.Image(id="image-1")))
    image = client.get_image("image-1")
    assert (image.perceptual_hash, image.hash_quality, image.near_duplicate_of) == ("", None, None)


def test_near_duplicates_are_found(client: Any, server: Any) -> None:
    photo = duplicates_pb2.DuplicatePhoto(image=SENT, distance=3)
    server.say(
        "FindNearDuplicates",
        duplicates_pb2.FindNearDuplicatesResponse(photos=[photo], total_size=7, hashed=True),
    )
    expected = FoundDuplicates((DuplicatePhoto(EXPECTED, 3),), 7, True)
    assert client.find_near_duplicates("image-1") == expected
    assert client.find_near_duplicates("image-1", max_distance=0, page_size=1) == expected
    first, second = server.requests["FindNearDuplicates"]
    assert (first.image_id, first.HasField("max_distance"), first.page_size) == ("image-1", False, 0)
    assert (second.HasField("max_distance"), second.max_distance, second.page_size) == (True, 0, 1)


def test_groups_of_near_duplicates_are_listed(client: Any, server: Any) -> None:
    photo = duplicates_pb2.DuplicatePhoto(image=SENT)
    group = duplicates_pb2.DuplicateGroup(photos=[photo], total_size=2)
    server.say("ListNearDuplicates", duplicates_pb2.ListNearDuplicatesResponse(groups=[group]))
    expected = DuplicateGroup((DuplicatePhoto(EXPECTED, 0),), 2)
    assert client.list_near_duplicates(product_id="p", page_size=3).items == (expected,)
    assert [*client.iter_near_duplicates(max_distance=8)] == [expected]
    first, second = server.requests["ListNearDuplicates"]
    assert (first.product_id, first.page_size, first.HasField("max_distance")) == ("p", 3, False)
    assert (second.product_id, second.max_distance) == ("", 8)
