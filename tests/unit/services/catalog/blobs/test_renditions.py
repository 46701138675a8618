from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import NotFound
from imaging.decode import DecodeLimits
from services.catalog.blobs.renditions import Renditions
from services.catalog.blobs.store import BlobStore, original_key


async def test_the_original_comes_back(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    await blobs.put(original_key("t", "i"), b"a photo")
    found = await Renditions(blobs, DecodeLimits()).original("t", "i", "webp")
    assert (found.content, found.media_type) == (b"a photo", "image/webp")


async def test_a_photo_that_is_gone_is_named_as_callers_know_it(tmp_path: Path) -> None:
    renditions = Renditions(BlobStore(str(tmp_path)), DecodeLimits())
    for read in (renditions.original("t", "i", "jpeg"), renditions.thumbnail("t", "i", 64)):
        with pytest.raises(NotFound) as caught:
            await read
        assert caught.value.message == "image 'i' does not exist"
        assert caught.value.metadata == {"resource": "image", "id": "i"}
