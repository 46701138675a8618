"""The columns of a table or the keys of an object, and the product's fields that they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from armoire.command.console import UsageError

_NAMES: Mapping[str, Sequence[str]] = {
    "external_id": ("external_id", "sku", "product_id", "id"),
    "display_name": ("display_name", "product_name", "title", "name"),
    "description": ("description",),
    "brand": ("brand", "manufacturer"),
    "category": ("category",),
    "product_type": ("product_type",),
    "price": ("price",),
    "list_price": ("list_price",),
    "currency": ("currency",),
    "url": ("url", "link"),
    "availability": ("availability",),
}
"""What columns are called where no `--map` says; the first name found counts."""
_IMAGE = re.compile(r"(images?|photos?|files?|image_urls?|image_links?|additional_image_links?)(_?\d+)?")
_ATTRIBUTE = re.compile(r"attributes?[.:]\s*(.+)", re.IGNORECASE)
FIELDS = (*_NAMES, "image")


@dataclass(frozen=True, slots=True)
class Columns:
    """Attributes:
    fields: the column of each field of the product.
    images: columns that name photos.
    attributes: the column of each of the shop's own fields.
    ignored: columns that nothing is taken from.
    """

    fields: Mapping[str, str]
    images: Sequence[str]
    attributes: Mapping[str, str]
    ignored: Sequence[str]


def columns_of(header: Sequence[str], mapped: Sequence[str]) -> Columns:
    """The columns of a header; `mapped` are texts such as "price=Preis" or "attributes.material=Stoff".

    Raises:
        UsageError: a mapping names no field, or a column that is not there; or no column is the external id.
    """
    fields, images, attributes = _mapped(header, mapped)
    taken = {*fields.values(), *images, *attributes.values()}
    free = [name for name in header if name and name not in taken]
    for field, names in _NAMES.items():
        if field not in fields:
            found = next((name for known in names for name in free if _plain(name) == known), None)
            if found is not None:
                fields[field] = found
                free.remove(found)
    if not images:
        images = [name for name in free if _IMAGE.fullmatch(_plain(name))]
    for name in free:
        if (attribute := _ATTRIBUTE.fullmatch(name)) and name not in images:
            attributes.setdefault(attribute[1].strip(), name)
    if fields and "external_id" not in fields:
        raise UsageError(
            "no column is the external_id, by which an import finds products: --map external_id=COLUMN"
        )
    used = {*fields.values(), *images, *attributes.values()}
    return Columns(fields, images, attributes, [name for name in header if name and name not in used])


def _mapped(header: Sequence[str], mapped: Sequence[str]) -> tuple[dict[str, str], list[str], dict[str, str]]:
    """What `--map` says of fields, images and attributes."""
    fields: dict[str, str] = {}
    images: list[str] = []
    attributes: dict[str, str] = {}
    for text in mapped:
        field, separator, column = text.partition("=")
        attribute = _ATTRIBUTE.fullmatch(field)
        if not separator or (field not in FIELDS and not attribute):
            known = ", ".join(FIELDS)
            raise UsageError(
                f"--map {text}: write FIELD=COLUMN, where FIELD is one of {known} or attributes.NAME"
            )
        if column not in header:
            raise UsageError(f"--map {text}: there is no column {column!r}; there are {', '.join(header)}")
        if attribute:
            attributes[attribute[1]] = column
        elif field == "image":
            images.append(column)
        else:
            fields[field] = column
    return fields, images, attributes


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())
