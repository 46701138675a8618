"""Items: the garments found in indexed photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.types import (
    AttributeValue,
    Box,
    ColorShare,
    Embedding,
    QualityIssue,
    ScoredValue,
    ValueSource,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A garment of an indexed photo.

    `primary_in_image` says that it represents its photo, `primary_in_product` that it represents its product
    in search. `embedding` and `crop` (JPEG) are there where asked for. `categories` are the most probable
    labels of the classifier, best first; empty where none was served.

    `label_source` and `box_source` tell who says them, `added` that a person has added it; `reject_reason` is
    "not_a_garment", "duplicate" or "bad_box" where a person has rejected it; `verify_time` is when one has
    verified it. `garment_score` is how much the model takes it for a garment, 0 to 1; None where it was not
    asked. `crop_url` leads to its crop for a while, where asked for.
    """

    id: str
    image_id: str
    image_name: str
    product_id: str
    box: Box
    image_width: int
    image_height: int
    score: float
    label: str
    whole_image: bool
    primary_in_image: bool
    primary_in_product: bool
    attributes: Mapping[str, AttributeValue]
    colors: tuple[ColorShare, ...]
    warnings: tuple[QualityIssue, ...]
    model_version: str
    preprocess_version: str
    etag: str
    create_time: datetime | None
    update_time: datetime | None
    embedding: Embedding | None
    crop: bytes | None = field(repr=False)
    categories: tuple[ScoredValue, ...] = ()
    classifier_version: str = ""
    classifier_preprocess_version: str = ""
    label_source: ValueSource = ValueSource.MODEL
    box_source: ValueSource = ValueSource.MODEL
    added: bool = False
    reject_reason: str = ""
    verify_time: datetime | None = None
    garment_score: float | None = None
    crop_url: str = ""


@dataclass(frozen=True, slots=True)
class ItemVersions:
    """What finds and describes items.

    `classifier_version` is empty where no classifier is served, `vocabulary_version` for items of releases
    that did not keep it.
    """

    detector_version: str
    detector_preprocess_version: str
    embedder_version: str
    embedder_preprocess_version: str
    classifier_version: str
    classifier_preprocess_version: str
    vocabulary_version: str


@dataclass(frozen=True, slots=True)
class CountedItemVersions:
    """How many items these versions have described; they are `stale` where another one is served."""

    versions: ItemVersions
    items: int
    stale: bool
