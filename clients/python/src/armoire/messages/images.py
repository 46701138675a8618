"""Messages of images."""

from __future__ import annotations

from armoire.messages.enums import issue_from_proto, issues_from_proto
from armoire.messages.types import box_from_proto, time_from_proto
from armoire.v1 import duplicates_pb2, images_pb2
from armoire.values.images import DuplicateGroup, DuplicatePhoto, Image, NearDuplicate, RejectedCrop


def image_from_proto(image: images_pb2.Image) -> Image:
    return Image(
        id=image.id,
        name=image.name,
        product_id=image.product_id,
        width=image.width,
        height=image.height,
        format=image.format,
        size_bytes=image.size_bytes,
        sha256=image.sha256,
        warnings=issues_from_proto(image.warnings),
        rejected_crops=tuple(map(rejected_crop_from_proto, image.rejected_crops)),
        etag=image.etag,
        create_time=time_from_proto(image.create_time),
        update_time=time_from_proto(image.update_time),
        delete_time=time_from_proto(image.delete_time),
        perceptual_hash=image.perceptual_hash,
        hash_quality=image.hash_quality if image.HasField("hash_quality") else None,
        near_duplicate_of=near_duplicate_from_proto(image.near_duplicate_of)
        if image.HasField("near_duplicate_of")
        else None,
    )


def near_duplicate_from_proto(near: images_pb2.NearDuplicate) -> NearDuplicate:
    return NearDuplicate(near.image_id, near.distance)


def duplicate_from_proto(photo: duplicates_pb2.DuplicatePhoto) -> DuplicatePhoto:
    return DuplicatePhoto(image_from_proto(photo.image), photo.distance)


def duplicate_group_from_proto(group: duplicates_pb2.DuplicateGroup) -> DuplicateGroup:
    return DuplicateGroup(tuple(map(duplicate_from_proto, group.photos)), group.total_size)


def rejected_crop_from_proto(crop: images_pb2.RejectedCrop) -> RejectedCrop:
    reason = issue_from_proto(crop.reason)
    return RejectedCrop(box_from_proto(crop.box), crop.score, crop.label, reason, crop.crop or None)
