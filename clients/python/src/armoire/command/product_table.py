"""Products of photos, as a table in a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from armoire.command.console import UsageError
from armoire.prices import parse_price
from armoire.values.products import Availability, Money, Product

REQUIRED = ("file", "product_name", "category", "price")


@dataclass(frozen=True, slots=True)
class ProductTable:
    """Products by the photo's file: its name, or the end of its path where the table has folders."""

    products: Mapping[str, Product]

    def product_of(self, path: str) -> Product | None:
        """The product of the row that names most of the path."""
        parts = PurePath(path).parts
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        return next((self.products[end] for end in ends if end in self.products), None)


def read_products(path: Path, currency: str) -> ProductTable:
    """The table; `currency` is that of bare prices in rows that name none.

    Raises:
        UsageError: it cannot be read, lacks a column, or has a bad row; the message names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return ProductTable(_read_rows(csv.DictReader(file, strict=True), path, currency))
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"cannot read {path}: {problem}") from None


def _read_rows(rows: csv.DictReader[str], path: Path, currency: str) -> dict[str, Product]:
    products: dict[str, Product] = {}
    try:
        missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
        if missing:
            raise UsageError(f"{path} has no column {', '.join(missing)}; it needs {', '.join(REQUIRED)}")
        for row in rows:
            file = PurePath(_cell(row, "file", required=True)).as_posix()
            if file in products:
                raise ValueError(f"{file!r} has a row already")
            products[file] = _product(row, currency)
    except UnicodeDecodeError:
        raise
    except (ValueError, csv.Error) as error:
        raise UsageError(f"{path}, line {rows.reader.line_num}: {error}") from None
    return products


def _product(row: Mapping[str, str | None], currency: str) -> Product:
    if None in row:
        raise ValueError("it has more cells than the table has columns")
    return Product(
        _cell(row, "product_name", required=True),
        external_id=_cell(row, "external_id"),
        description=_cell(row, "description"),
        brand=_cell(row, "brand"),
        category=_cell(row, "category"),
        product_type=_cell(row, "product_type"),
        price=_price(row, "price", currency),
        list_price=_price(row, "list_price", currency),
        url=_cell(row, "url"),
        availability=_availability(row),
    )


def _price(row: Mapping[str, str | None], column: str, currency: str) -> Money | None:
    text = _cell(row, column)
    return parse_price(text, _cell(row, "currency") or currency) if text else None


def _availability(row: Mapping[str, str | None]) -> Availability | None:
    """Spelled as in_stock, "in stock" or IN_STOCK."""
    text = _cell(row, "availability")
    if not text:
        return None
    found = Availability("_".join(text.lower().split()))
    if found is Availability.UNKNOWN:
        words = ", ".join(each for each in Availability if each is not Availability.UNKNOWN)
        raise ValueError(f"{text!r} is no availability: write one of {words}")
    return found


def _cell(row: Mapping[str, str | None], column: str, *, required: bool = False) -> str:
    value = (row.get(column) or "").strip()
    if required and not value:
        raise ValueError(f"{column} is empty")
    return value
