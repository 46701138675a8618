"""Near duplicates of photos."""

from __future__ import annotations

from collections.abc import Iterable

from armoire.v1 import duplicates_pb2
from services.catalog.records.paging import Page
from services.catalog.resources.near_duplicates import DuplicatePhoto, FoundDuplicates, PhotoGroup
from services.edge.conversion.images import image_to_proto


def found_duplicates_to_proto(found: FoundDuplicates) -> duplicates_pb2.FindNearDuplicatesResponse:
    return duplicates_pb2.FindNearDuplicatesResponse(
        photos=_photos_to_proto(found.photos), total_size=found.total, hashed=found.hashed
    )


def duplicate_groups_to_proto(page: Page[PhotoGroup]) -> duplicates_pb2.ListNearDuplicatesResponse:
    return duplicates_pb2.ListNearDuplicatesResponse(
        groups=[
            duplicates_pb2.DuplicateGroup(photos=_photos_to_proto(group.photos), total_size=group.total)
            for group in page.entries
        ],
        next_page_token=page.next_token,
    )


def _photos_to_proto(photos: Iterable[DuplicatePhoto]) -> list[duplicates_pb2.DuplicatePhoto]:
    return [
        duplicates_pb2.DuplicatePhoto(image=image_to_proto(each.image), distance=each.distance)
        for each in photos
    ]
