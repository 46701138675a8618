"""The collections of a catalogue, and what comes of a back-fill."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
