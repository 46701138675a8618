"""What leaves a catalogue, and what people said of items at another server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.images import RejectedCrop
from armoire.values.items import Item
from armoire.values.types import Box, WireEnum


class DatasetSplit(WireEnum):
    """What a photo of a dataset is for; UNKNOWN is one that this client does not know."""

    UNKNOWN = "unknown"
    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class DatasetItem:
    """An item that people have reviewed.

    `category` is the taxonomy's name of what it is, the label where the taxonomy has none, "" where nothing
    is said.
    """

    item: Item
    category: str


@dataclass(frozen=True, slots=True)
class DatasetPhoto:
    """A photo whose items people have reviewed.

    Attributes:
        split: the same for all photos of a product, and as long as the shares are the same.
        width, height: of the upright picture, which the boxes refer to.
        fully_reviewed: there are no items but these, and those that people have rejected.
        categories: those of the server's taxonomy, in their order.
        rejected_detections: what became no item, where asked for; nobody has looked at it.
    """

    image_id: str
    image_name: str
    product_id: str
    split: DatasetSplit
    width: int
    height: int
    format: str
    size_bytes: int
    sha256: str
    items: tuple[DatasetItem, ...]
    fully_reviewed: bool
    categories: tuple[str, ...] = field(repr=False)
    rejected_detections: tuple[RejectedCrop, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogExportPart:
    """Lines of JSON of an exported catalogue."""

    name: str
    size_bytes: int
    sha256: str
    records: int


@dataclass(frozen=True, slots=True)
class CatalogExport:
    """The parts of an exported catalogue, and what they hold; they are removed after `expire_time`.

    `image_bytes` is the size of all originals, which are not in the parts.
    """

    format_version: int
    products: int
    images: int
    items: int
    corrections: int
    image_bytes: int
    parts: tuple[CatalogExportPart, ...]
    expire_time: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewedAttribute:
    """What people said of an attribute: values, wrong ones, or a number; where all are empty, none fits."""

    values: tuple[str, ...] = ()
    not_values: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """An item as it was at another server, with what people said of it there.

    Attributes:
        detected_box: the model's box, where a person has drawn `box`.
        box_said: the box is a person's.
        label: a person's; "" says that none is right, None that nobody said one.
        reject_reason: "not_a_garment", "duplicate" or "bad_box"; "" where nobody has rejected it.
        primary_in_image, primary_in_product: whether a person has chosen it.
    """

    box: Box
    detected_box: Box | None = None
    box_said: bool = False
    whole_image: bool = False
    added: bool = False
    label: str | None = None
    attributes: Mapping[str, ReviewedAttribute] = field(default_factory=dict)
    reject_reason: str = ""
    verified: bool = False
    primary_in_image: bool = False
    primary_in_product: bool = False


@dataclass(frozen=True, slots=True)
class ReviewImport:
    """What a review has changed here.

    `unmatched` counts items that nothing here is like, and that were not added; `job_ids` are of jobs that
    make new crops and embeddings.
    """

    changed: int
    added: int
    unmatched: int
    job_ids: tuple[str, ...]
