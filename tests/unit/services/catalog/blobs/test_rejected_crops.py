from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from domain.types import Box, QualityIssue
from imaging.decode import DecodeLimits
from services.catalog.blobs.rejected_crops import RejectedCrops
from services.catalog.blobs.store import BlobStore
from services.catalog.records.images import Image, RejectedCrop

NOW = datetime(2026, 1, 1, tzinfo=UTC)
IMAGE = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c004"


def rejected(*boxes: Box) -> tuple[RejectedCrop, ...]:
    return tuple(RejectedCrop(box, 0.5, "hat", QualityIssue.TOO_SMALL) for box in boxes)


def image(crops: tuple[RejectedCrop, ...]) -> Image:
    return Image(
        id=IMAGE,
        product_id="",
        name="",
        format="png",
        width=60,
        height=40,
        size_bytes=1,
        sha256="",
        warnings=(),
        rejected_crops=crops,
        etag="",
        create_time=NOW,
        update_time=NOW,
        delete_time=None,
    )


def photo() -> bytes:
    buffer = io.BytesIO()
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, 30:] = 255
    Pillow.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


async def test_each_box_has_its_own_pixels(tmp_path: Path) -> None:
    crops = RejectedCrops(BlobStore(str(tmp_path)), DecodeLimits(), 1.0)
    boxes = rejected(Box(0, 0, 10, 20), Box(40, 0, 60, 10))
    assert await crops.store("t", IMAGE, photo(), boxes)
    read = (await crops.read("t", image(boxes))).rejected_crops
    opened = [Pillow.open(io.BytesIO(each.crop or b"")) for each in read]
    assert [(each.size, int(np.asarray(each).mean())) for each in opened] == [((10, 20), 0), ((20, 10), 255)]


async def test_pictures_of_a_former_list_are_not_taken_for_those_of_another(tmp_path: Path) -> None:
    crops = RejectedCrops(BlobStore(str(tmp_path)), DecodeLimits(), 1.0)
    await crops.store("t", IMAGE, photo(), rejected(Box(0, 0, 10, 20)))
    other = image(rejected(Box(0, 0, 10, 21)))
    assert [each.crop for each in (await crops.read("t", other)).rejected_crops] == [None]


async def test_nothing_is_stored_without_days_or_without_crops(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    assert not await RejectedCrops(blobs, DecodeLimits(), 0.0).store(
        "t", IMAGE, b"", rejected(Box(0, 0, 1, 1))
    )
    assert not await RejectedCrops(blobs, DecodeLimits(), 1.0).store("t", IMAGE, b"", ())
