"""Imports: what is sent, and what comes of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TypeAlias

from armoire.errors import ArmoireError
from armoire.values.operations import Operation
from armoire.values.products import Product


@dataclass(frozen=True, slots=True)
class PhotoUrl:
    """A photo that the server fetches, from a host that its operator allows."""

    url: str


PhotoToImport: TypeAlias = bytes | str | os.PathLike[str] | PhotoUrl
"""An encoded picture, the path of its file, or where the server fetches it."""


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """A product, a photo of it, or both.

    Attributes:
        number: from 1, in the order of the entries.
        source: where it comes from, for reports, such as "products.csv, line 12".
        product: created or, where its external_id is known, updated in the fields that are filled in.
        photo: a file that cannot be read is reported as failed, and the product is imported.
        problem: what you have found to be wrong with the entry, which is reported as failed.
    """

    number: int
    source: str = ""
    product: Product | None = None
    image_name: str = ""
    photo: PhotoToImport | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StartedImport:
    """An import; the server has its entries up to the one before `next_number`, all of them if `finished`."""

    operation: Operation
    next_number: int
    finished: bool


@dataclass(frozen=True, slots=True)
class ImportFailure:
    """An entry that was not imported, or not as a whole, and why."""

    number: int
    source: str
    external_id: str
    image_name: str
    url: str
    error: ArmoireError


@dataclass(frozen=True, slots=True)
class ProductOnPage:
    """A product that a shop's page describes, and the URLs of its photos."""

    product: Product
    image_urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import; `photos_known` were photos of their products before."""

    entries: int
    failed: int
    products_created: int
    products_updated: int
    photos_indexed: int
    photos_known: int
