"""Stored photos."""

from __future__ import annotations

from armoire.v1 import images_pb2
from services.catalog.blobs.renditions import ImageContent
from services.catalog.records.images import Image, RejectedCrop
from services.catalog.records.photo_hashes import NearDuplicate
from services.catalog.resources.links import Link
from services.edge.conversion.types import box_to_proto, issue_to_proto, time_to_proto


def image_to_proto(image: Image, thumbnail_url: str = "") -> images_pb2.Image:
    return images_pb2.Image(
        id=image.id,
        name=image.name,
        product_id=image.product_id,
        width=image.width,
        height=image.height,
        format=image.format,
        size_bytes=image.size_bytes,
        sha256=image.sha256,
        warnings=[issue_to_proto(issue) for issue in image.warnings],
        rejected_crops=[rejected_crop_to_proto(crop) for crop in image.rejected_crops],
        etag=image.etag,
        create_time=time_to_proto(image.create_time),
        update_time=time_to_proto(image.update_time),
        delete_time=None if image.delete_time is None else time_to_proto(image.delete_time),
        thumbnail_url=thumbnail_url,
        perceptual_hash=image.photo_hash.hex(),
        hash_quality=image.hash_quality,
        near_duplicate_of=near_duplicate_to_proto(image.near_duplicate_of),
    )


def near_duplicate_to_proto(near: NearDuplicate | None) -> images_pb2.NearDuplicate | None:
    return None if near is None else images_pb2.NearDuplicate(image_id=near.image_id, distance=near.distance)


def image_content_to_proto(content: ImageContent) -> images_pb2.GetImageContentResponse:
    return images_pb2.GetImageContentResponse(content=content.content, media_type=content.media_type)


def link_to_proto(link: Link) -> images_pb2.GetImageContentResponse:
    return images_pb2.GetImageContentResponse(
        url=link.url, media_type=link.media_type, url_expire_time=time_to_proto(link.expire_time)
    )


def rejected_crop_to_proto(crop: RejectedCrop) -> images_pb2.RejectedCrop:
    return images_pb2.RejectedCrop(
        box=box_to_proto(crop.box),
        score=crop.score,
        label=crop.label,
        reason=issue_to_proto(crop.reason),
        crop=crop.crop or b"",
    )
