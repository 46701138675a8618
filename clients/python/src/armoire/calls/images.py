"""Calls of indexed photos."""

from __future__ import annotations

import math

from google.protobuf import field_mask_pb2

from armoire.call import Call, call_of
from armoire.messages.images import duplicate_from_proto, duplicate_group_from_proto, image_from_proto
from armoire.messages.types import time_from_proto
from armoire.v1 import duplicates_pb2, images_pb2
from armoire.values.images import DuplicateGroup, FoundDuplicates, Image, ImageContent, ImageUrl
from armoire.values.types import Page


def get_image(image_id: str, include_rejected_crops: bool = False) -> Call[Image]:
    return call_of(
        "armoire.v1.CatalogService/GetImage",
        images_pb2.GetImageRequest(image_id=image_id, include_rejected_crops=include_rejected_crops),
        images_pb2.GetImageResponse,
        lambda reply: image_from_proto(reply.image),
    )


def list_images(
    page_size: int = 0,
    page_token: str = "",
    product_id: str = "",
    text: str = "",
    order_by: str = "",
    show_deleted: bool = False,
    only_deleted: bool = False,
) -> Call[Page[Image]]:
    return call_of(
        "armoire.v1.CatalogService/ListImages",
        images_pb2.ListImagesRequest(
            page_size=page_size,
            page_token=page_token,
            product_id=product_id,
            text=text,
            order_by=order_by,
            show_deleted=show_deleted,
            only_deleted=only_deleted,
        ),
        images_pb2.ListImagesResponse,
        lambda reply: Page(tuple(map(image_from_proto, reply.images)), reply.next_page_token),
    )


def get_image_content(image_id: str) -> Call[ImageContent]:
    request = images_pb2.GetImageContentRequest(image_id=image_id, rendition="RENDITION_ORIGINAL")
    return _content(request)


def get_thumbnail(image_id: str, max_side_px: int = 0) -> Call[ImageContent]:
    return _content(
        images_pb2.GetImageContentRequest(
            image_id=image_id, rendition="RENDITION_THUMBNAIL", max_side_px=max_side_px
        )
    )


def get_image_url(image_id: str, thumbnail_px: int = 0, lifetime_s: float = 0) -> Call[ImageUrl]:
    rendition = images_pb2.RENDITION_THUMBNAIL if thumbnail_px else images_pb2.RENDITION_ORIGINAL
    return call_of(
        "armoire.v1.CatalogService/GetImageContent",
        images_pb2.GetImageContentRequest(
            image_id=image_id,
            rendition=rendition,
            max_side_px=thumbnail_px,
            as_url=True,
            url_lifetime_s=math.ceil(lifetime_s),
        ),
        images_pb2.GetImageContentResponse,
        lambda reply: ImageUrl(reply.url, reply.media_type, time_from_proto(reply.url_expire_time)),
    )


def update_image(
    image_id: str, name: str | None = None, product_id: str | None = None, etag: str = ""
) -> Call[Image]:
    """None leaves a field as it is."""
    given = {"name": name, "product_id": product_id}
    paths = [field for field, value in given.items() if value is not None]
    image = images_pb2.Image(id=image_id, name=name or "", product_id=product_id or "", etag=etag)
    return call_of(
        "armoire.v1.CatalogService/UpdateImage",
        images_pb2.UpdateImageRequest(image=image, update_mask=field_mask_pb2.FieldMask(paths=paths)),
        images_pb2.UpdateImageResponse,
        lambda reply: image_from_proto(reply.image),
        repeatable=not etag,
    )


def delete_image(image_id: str, etag: str = "") -> Call[None]:
    return call_of(
        "armoire.v1.CatalogService/DeleteImage",
        images_pb2.DeleteImageRequest(image_id=image_id, etag=etag),
        images_pb2.DeleteImageResponse,
        lambda _: None,
        repeatable=False,
    )


def restore_image(image_id: str) -> Call[Image]:
    return call_of(
        "armoire.v1.CatalogService/RestoreImage",
        images_pb2.RestoreImageRequest(image_id=image_id),
        images_pb2.RestoreImageResponse,
        lambda reply: image_from_proto(reply.image),
    )


def find_near_duplicates(
    image_id: str, max_distance: int | None = None, page_size: int = 0
) -> Call[FoundDuplicates]:
    return call_of(
        "armoire.v1.CatalogService/FindNearDuplicates",
        duplicates_pb2.FindNearDuplicatesRequest(
            image_id=image_id, max_distance=max_distance, page_size=page_size
        ),
        duplicates_pb2.FindNearDuplicatesResponse,
        lambda reply: FoundDuplicates(
            tuple(map(duplicate_from_proto, reply.photos)), reply.total_size, reply.hashed
        ),
    )


def list_near_duplicates(
    page_size: int = 0, page_token: str = "", product_id: str = "", max_distance: int | None = None
) -> Call[Page[DuplicateGroup]]:
    return call_of(
        "armoire.v1.CatalogService/ListNearDuplicates",
        duplicates_pb2.ListNearDuplicatesRequest(
            product_id=product_id, max_distance=max_distance, page_size=page_size, page_token=page_token
        ),
        duplicates_pb2.ListNearDuplicatesResponse,
        lambda reply: Page(tuple(map(duplicate_group_from_proto, reply.groups)), reply.next_page_token),
    )


def _content(request: images_pb2.GetImageContentRequest) -> Call[ImageContent]:
    return call_of(
        "armoire.v1.CatalogService/GetImageContent",
        request,
        images_pb2.GetImageContentResponse,
        lambda reply: ImageContent(reply.content, reply.media_type),
    )
