"""Copies among hits: photos that are near duplicates of the query's photo, or of a better hit's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from imaging.pdq import MAX_DISTANCE, distances, to_words
from services.catalog.records.photo_hashes import read_bits
from services.catalog.search.result import Hit


@dataclass(frozen=True, slots=True)
class QueryPhoto:
    """The photo that is searched by: its id where it is in the catalogue, and its hash, if it is usable."""

    image_id: str = ""
    bits: bytes = b""


class SeenPhotos:
    """The photos of the hits before; `bits_of` has the hashes of all."""

    def __init__(self, bits_of: Mapping[str, bytes]) -> None:
        self._bits_of = bits_of
        self._image_ids: set[str] = set()
        self._bits: list[bytes] = []

    def is_copy(self, image_id: str) -> bool:
        """Whether a photo is a near duplicate of one before; if not, the photo counts as seen from now on.

        Other items of a photo that was seen are in no copy.
        """
        if image_id in self._image_ids:
            return False
        bits = self._bits_of.get(image_id)
        if bits is not None:
            if (distances(bits, to_words(self._bits)) <= MAX_DISTANCE).any():
                return True
            self._bits.append(bits)
        self._image_ids.add(image_id)
        return False


def mark_same_photo(
    session: Session, tenant_id: str, photo: QueryPhoto, hits: Sequence[list[Hit]]
) -> list[list[Hit]]:
    """The hits, with those marked whose photo is the query's or a near duplicate of it."""
    image_ids = sorted({hit.item.image_id for query_hits in hits for hit in query_hits})
    same = {photo.image_id} | _copies(session, tenant_id, photo.bits, image_ids)
    return [
        [replace(hit, same_photo=True) if hit.item.image_id in same else hit for hit in query_hits]
        for query_hits in hits
    ]


def _copies(session: Session, tenant_id: str, bits: bytes, image_ids: Sequence[str]) -> set[str]:
    """Those of the photos that are near duplicates of a hash."""
    found = read_bits(session, tenant_id, image_ids) if bits else {}
    if not found:
        return set()
    away = distances(bits, to_words([*found.values()])).tolist()
    return {image_id for image_id, d in zip(found, away, strict=True) if d <= MAX_DISTANCE}
