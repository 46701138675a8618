"""The collections of a catalogue, what comes of a back-fill, and of re-indexing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from armoire.values.items import CountedItemVersions, ItemVersions


class CollectionRole(StrEnum):
    """What a collection is for: searches go to the LIVE one; NEXT and PREVIOUS get every write, too."""

    UNKNOWN = "UNKNOWN"
    LIVE = "LIVE"
    NEXT = "NEXT"
    PREVIOUS = "PREVIOUS"


@dataclass(frozen=True, slots=True)
class Collection:
    """The vectors of one embedder.

    Attributes:
        items: those with an embedding of this version.
        lacking: items that the live collection has and this one has not.
        waiting: changes that are about to be written to it.
    """

    name: str
    role: CollectionRole
    model_version: str
    preprocess_version: str
    embedding_width: int
    items: int
    lacking: int
    waiting: int


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """A collection that a back-fill has filled, beside the live one.

    Attributes:
        items: those with an embedding of this version.
        vectors: rows of the collection in the vector store.
        lacking: items that the live collection has and this one has not.
        failed_photos: photos that could not be embedded.
        overlap: the share of the 10 nearest items that both collections name alike, 0 to 1, on average over
            `sampled` items.
        swapped: whether searches go to it now.
    """

    collection: str
    model_version: str
    preprocess_version: str
    items: int
    vectors: int
    lacking: int
    failed_photos: int
    overlap: float
    sampled: int
    swapped: bool


class ReindexScope(StrEnum):
    """What is done anew: photos with a stale item, all photos, or only the choice of primary items.

    Or photos that were indexed before there were hashes get theirs.
    """

    STALE = "STALE"
    ALL = "ALL"
    PRIMARY_ITEMS = "PRIMARY_ITEMS"
    PHOTO_HASHES = "PHOTO_HASHES"


@dataclass(frozen=True, slots=True)
class VersionsInUse:
    """What is served, and what has described the items of the live collection, most items first."""

    served: ItemVersions
    counted: tuple[CountedItemVersions, ...]

    @property
    def stale_items(self) -> int:
        """Items that another detector, classifier or vocabulary has described than is served."""
        return sum(each.items for each in self.counted if each.stale)


@dataclass(frozen=True, slots=True)
class ReindexReport:
    """What came of re-indexing.

    Attributes:
        photos: those that were looked at anew.
        failed_photos: those that could not be: their originals are missing or unreadable.
        items: those of the live collection.
        stale_items: those of them that something else has described than is served.
    """

    photos: int
    failed_photos: int
    items: int
    stale_items: int
    served: ItemVersions
