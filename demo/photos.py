"""The photos of the demo: the samples with their products, or a given folder."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from armoire import Box, Product, parse_price

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    """A photo and, if known, the product that it shows, and the category and box of each garment."""

    path: Path
    product: Product | None = None
    garments: tuple[tuple[str, Box], ...] = ()


def read_samples(folder: Path) -> list[DemoPhoto]:
    """The pictures of `samples/`, with name, category, price and garments from samples.csv."""
    with (folder / "samples.csv").open(newline="", encoding="utf-8") as table:
        return [
            DemoPhoto(folder / row["file"], _product(row), _garments(row)) for row in csv.DictReader(table)
        ]


def _product(row: dict[str, str]) -> Product:
    return Product(
        display_name=row["product_name"], category=row["category"], price=parse_price(row["price"])
    )


def _garments(row: dict[str, str]) -> tuple[tuple[str, Box], ...]:
    return tuple((category, Box(*corners)) for category, *corners in json.loads(row["boxes"]))


def find_photos(folder: Path) -> list[DemoPhoto]:
    """All photos below a folder, sorted by path."""
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return [DemoPhoto(path) for path in sorted(paths)]


def reencode(path: Path, quality: int = 60) -> bytes:
    """Encode the photo again as a JPEG; its orientation is kept."""
    buffer = io.BytesIO()
    with Image.open(path) as photo:
        photo.convert("RGB").save(buffer, "JPEG", quality=quality, exif=photo.getexif())
    return buffer.getvalue()
