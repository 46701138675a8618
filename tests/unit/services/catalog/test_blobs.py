from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import NotFound, Unavailable
from services.catalog.blobs import BlobStore, crop_key, original_key


async def test_a_blob_comes_back_and_goes(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "a folder"))
    for content in (b"first", b"second", b""):
        await blobs.put("t/images/x/original", content)
        assert await blobs.get("t/images/x/original") == content
    await blobs.delete(["t/images/x/original", "t/images/never/there"])
    with pytest.raises(NotFound):
        await blobs.get("t/images/x/original")


async def test_a_file_url_names_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    await BlobStore(str(folder)).put("k", b"x")
    assert await BlobStore(folder.as_uri()).get("k") == b"x"


async def test_blobs_are_listed_with_their_time(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path))
    keys = {f"t/images/{number}/original" for number in range(5)} | {"u/items/1/crop.jpg"}
    for key in keys:
        await blobs.put(key, b"x")
    listed = [blob async for chunk in blobs.list() for blob in chunk]
    assert {blob.key for blob in listed} == keys
    assert all(abs(blob.last_modified - datetime.now(UTC)) < timedelta(minutes=5) for blob in listed)
    assert [blob.key async for chunk in blobs.list("u") for blob in chunk] == ["u/items/1/crop.jpg"]


async def test_a_store_out_of_reach_is_unavailable(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    (tmp_path / "blobs" / "t").write_bytes(b"a file in the way")
    with pytest.raises(Unavailable):
        await blobs.put("t/images/x/original", b"x")


def test_keys_begin_with_the_tenant() -> None:
    assert original_key("t", "i") == "t/images/i/original"
    assert crop_key("t", "i") == "t/items/i/crop.jpg"
