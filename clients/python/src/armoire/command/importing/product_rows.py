"""Rows of values by column, as products with photos."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from armoire.command.importing.columns import Columns
from armoire.command.importing.source_row import SourcePhoto, SourceRow
from armoire.prices import parse_price
from armoire.values.products import Availability, Money, Product

T = TypeVar("T")
_DECIMAL_COMMA = re.compile(r"\s*(\d{1,3}(\.\d{3})+|\d+)(,\d{1,2})?(\s*[A-Za-z]{3})?\s*", re.ASCII)
_BETWEEN_IMAGES = re.compile(r"[|\n]|,(?=\s*https?://)")


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row, the columns of its fields, and what is wrong with their values."""

    row: Mapping[str, Any]
    columns: Mapping[str, str]
    problems: list[str]

    def read(self, field: str, parse: Callable[[Any], T], missing: T) -> T:
        """The value of a field; `missing` where it is empty or wrong."""
        column = self.columns.get(field, "")
        value = self.row.get(column)
        value = value.strip() if isinstance(value, str) else value
        if value in ("", None):
            return missing
        try:
            return parse(value)
        except ValueError as error:
            self.problems.append(f"column {column}: {error}")
            return missing


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows; what is wrong with a cell is told with its column, and the row is not imported.

    Attributes:
        currency: of bare prices in rows that name none.
        photos: the folder that paths of photos start from.
        decimal_comma: whether prices are written as 1.299,00.
    """

    columns: Columns
    currency: str
    photos: Path
    decimal_comma: bool = False

    def read(self, source: str, row: Mapping[str, Any]) -> SourceRow:
        """The row; `source` says where it is."""
        problems: list[str] = []
        product = self._product(row, problems)
        photos = tuple(self._photos(source, row, problems))
        if product is None and not photos and not problems:
            problems.append("it has neither a product nor a photo")
        return SourceRow(source, product, photos, tuple(problems))

    def _product(self, row: Mapping[str, Any], problems: list[str]) -> Product | None:
        """The product; None where the row has no field of one, or a problem."""
        cells = _Cells(row, self.columns.fields, problems)
        currency = cells.read("currency", _currency, self.currency)
        product = Product(
            cells.read("display_name", _text, ""),
            cells.read("external_id", _text, ""),
            cells.read("description", _text, ""),
            cells.read("brand", _text, ""),
            cells.read("category", _text, ""),
            cells.read("product_type", _text, ""),
            cells.read("price", partial(self._price, currency), None),
            cells.read("list_price", partial(self._price, currency), None),
            cells.read("url", _url, ""),
            cells.read("availability", _availability, None),
            self._attributes(row),
        )
        if problems or product == Product(""):
            return None
        if not product.external_id:
            column = self.columns.fields["external_id"]
            problems.append(f"column {column}: it is empty, and an import finds products by it")
            return None
        return product

    def _price(self, currency: str, value: Any) -> Money:
        """From "19.90 EUR", 19.9, or an object with the amount and the currency."""
        if isinstance(value, Mapping):
            return parse_price(str(value.get("amount", "")), str(value.get("currency") or currency))
        text = _text(value)[:100]
        if not isinstance(value, str):
            return parse_price(text, currency)
        comma = _DECIMAL_COMMA.fullmatch(text)
        if comma and self.decimal_comma:
            return parse_price(text.replace(".", "").replace(",", "."), currency)
        if comma and "," in text:
            raise ValueError(f"{_cut(text)} has a decimal comma: add --decimal-comma, or write 19.90")
        return parse_price(text, currency)

    def _attributes(self, row: Mapping[str, Any]) -> dict[str, str]:
        named = {name: row.get(column) for name, column in self.columns.attributes.items()}
        whole = row.get("attributes")
        if isinstance(whole, Mapping):
            named |= whole
        texts = {name: _text(value).strip() for name, value in named.items() if value is not None}
        return {name: text for name, text in texts.items() if text}

    def _photos(self, source: str, row: Mapping[str, Any], problems: list[str]) -> Iterator[SourcePhoto]:
        for column in self.columns.images:
            for place in _places(row.get(column), column, problems):
                found = place if "://" in place else str(self.photos / place)
                if found is not place and not self._is_below(found):
                    problems.append(f"column {column}: {_cut(place)} is not below {self.photos} (--photos)")
                else:
                    yield SourcePhoto(f"{source}, column {column}", found)

    def _is_below(self, path: str) -> bool:
        """Whether a path, its links followed, is in the folder of photos: a table may be somebody else's."""
        return Path(path).resolve().is_relative_to(self.photos.resolve())


def _places(value: Any, column: str, problems: list[str]) -> Iterable[str]:
    """The paths and URLs of a cell: a list, or a text with | between them."""
    if value is None:
        return ()
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) for part in parts):
        problems.append(f"column {column}: it must hold paths or URLs")
        return ()
    split = parts if isinstance(value, list) else _BETWEEN_IMAGES.split(value)
    return [place.strip() for place in split if place.strip()]


def _text(value: Any) -> str:
    if isinstance(value, dict | list | bool):
        raise ValueError("it must be a text")  # noqa: TRY004 - as for any other bad value
    return str(value)


def _currency(value: Any) -> str:
    if not re.fullmatch("[A-Za-z]{3}", str(value)):
        raise ValueError(f"{_cut(value)} is no currency such as EUR")
    return str(value)


def _url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{_cut(value)} is no absolute URL such as https://shop.example/coat")
    return str(value)


def _availability(value: Any) -> Availability:
    """Spelled as in_stock, "in stock", InStock or https://schema.org/InStock."""
    word = _text(value).rstrip("/").rpartition("/")[2]
    known = [each for each in Availability if each is not Availability.UNKNOWN]
    found = next((each for each in known if _letters(each) == _letters(word)), None)
    if found is None:
        raise ValueError(f"{_cut(value)} is no availability: write one of {', '.join(known)}")
    return found


def _letters(text: str) -> str:
    return re.sub("[^a-z]", "", text.lower())


def _cut(value: Any) -> str:
    return repr(str(value)[:100])
