"""A row of what is imported, and the entries that it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from armoire.photos import name_of
from armoire.values.imports import ImportEntry, PhotoToImport, PhotoUrl
from armoire.values.products import Product

_URL = re.compile("https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourcePhoto:
    """A photo that a row names: its place in the source, and a path or a URL."""

    source: str
    place: str

    @property
    def is_url(self) -> bool:
        return _URL.match(self.place) is not None

    @property
    def photo(self) -> PhotoToImport:
        return PhotoUrl(self.place) if self.is_url else self.place

    @property
    def name(self) -> str:
        """The last part of the path or the URL."""
        if not self.is_url:
            return name_of(self.place)
        return re.split("[?#]", self.place)[0].rstrip("/").rpartition("/")[2][:200]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A product with its photos, or photos without one; `problems` say what is wrong with the row."""

    source: str
    product: Product | None = None
    photos: Sequence[SourcePhoto] = ()
    problems: Sequence[str] = ()


def entries_of(rows: Iterable[SourceRow]) -> Iterator[ImportEntry]:
    """An entry for each photo, and for each product without one; a row with a problem is one entry."""
    number = 0
    for row in rows:
        photos: Sequence[SourcePhoto | None] = row.photos or (None,)
        if row.problems:
            photos = (None,)
        for photo in photos:
            number += 1
            yield ImportEntry(
                number,
                row.source if photo is None else photo.source,
                None if row.problems else row.product,
                "" if photo is None else photo.name,
                None if photo is None else photo.photo,
                "; ".join(row.problems),
            )


def missing_files(rows: Iterable[SourceRow]) -> Iterator[SourcePhoto]:
    """The photos whose files are not there."""
    for row in rows:
        for photo in row.photos:
            if not photo.is_url and not Path(photo.place).is_file():
                yield photo
