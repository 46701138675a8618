from __future__ import annotations

import errno
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.server import free_port
from domain.errors import InvalidInput, NotFound, Unavailable
from services.catalog.blobs.store import BlobOwner, BlobStore, StoreMissing, crop_key, original_key, owner_of


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


@pytest.mark.parametrize("url", ["bogus://user:S3cret@x", "s3://", "http://[bad"])
def test_a_url_of_no_store_names_the_setting(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        BlobStore(url)
    assert caught.value.violations[0].field == "ARMOIRE_CATALOG__BLOB_URL"
    assert "S3cret" not in str(caught.value)


def test_a_folder_that_cannot_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InvalidInput, match="ARMOIRE_CATALOG__BLOB_URL"):
        BlobStore(str(tmp_path / "file" / "blobs"))


async def test_a_failure_is_logged_with_its_cause(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    (tmp_path / "blobs" / "t").write_bytes(b"a file in the way")
    with pytest.raises(Unavailable, match="cannot be reached"):
        await blobs.put("t/images/x/original", b"x")
    assert "ARMOIRE_CATALOG__BLOB_URL failed: " in caplog.text
    assert "Not a directory" in caplog.text


async def test_a_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("services.catalog.blobs.store._sync_to_disk", full)
    with pytest.raises(Unavailable, match="is full") as caught:
        await BlobStore(str(tmp_path)).put("k", b"x")
    assert caught.value.reason == "BLOB_STORE_FULL"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Paths that were flushed to disk."""
    paths, fsync = set[str](), os.fsync

    def flush(handle: int) -> None:
        paths.add(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", flush)
    return paths


async def test_what_leads_to_a_new_file_is_on_disk_too(tmp_path: Path, synced: set[str]) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    store, first, second = tmp_path / "blobs", "t/images/1/original", "t/images/2/original"
    above = {store / "t/images", store / "t", store, tmp_path}
    for key, also in ((first, above), (second, {store / "t/images"}), ("t/items/1/crop.jpg", {store / "t"})):
        await blobs.put(key, b"x")
        path = store / key
        assert synced >= {str(part) for part in (path, path.parent, path.parents[1], *also)}
        synced.clear()
    await blobs.delete([first, second, "t/items/1/crop.jpg"])
    assert not (store / "t").exists()
    await blobs.put(first, b"x")
    assert synced >= {str(store / part) for part in (first, "t/images/1", "t/images", "t", "")}


async def test_what_is_on_disk_is_not_flushed_again(tmp_path: Path, synced: set[str]) -> None:
    blobs = BlobStore(str(tmp_path))
    await blobs.put("t/images/1/original", b"x")
    synced.clear()
    await blobs.put("t/images/2/original", b"x")
    assert synced == {str(tmp_path / part) for part in ("t/images/2/original", "t/images/2", "t/images")}
    assert blobs._synced == {tmp_path / "t/images", tmp_path / "t", tmp_path}


ID = "01a1fd28-59fa-7859-95d7-d9983decee98"


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        (f"t/images/{ID}/original", BlobOwner("t", "images", ID)),
        (f"t/items/{ID}/crop.jpg", BlobOwner("t", "items", ID)),
        (f"t/exports/{ID}/images-00000.jsonl", BlobOwner("t", "exports", ID)),
        ("t/exports/mine/images-00000.jsonl", None),
        (f"t/images/{ID}/crop.jpg", None),
        (f"t/items/{ID}/original", None),
        (f"t/items/{ID}/a/crop.jpg", None),
        (f"t/videos/{ID}/original", None),
        (f"/images/{ID}/original", None),
        (f"t/images/{ID.upper()}/original", None),
        (f"t/images/{ID.replace('-7', '-4')}/original", None),
        ("t/images/readme/original", None),
        ("armoire-catalog-id", None),
    ],
)
def test_only_keys_of_the_catalogues_making_have_an_owner(key: str, owner: BlobOwner | None) -> None:
    assert owner_of(key) == owner


@pytest.fixture
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("AWS_")]:
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("_no_keys")
def test_a_bucket_without_keys_asks_no_instance_metadata_unless_it_is_told_to() -> None:
    with pytest.raises(InvalidInput, match=r"AWS_ACCESS_KEY_ID.*ARMOIRE_CATALOG__S3_INSTANCE_ROLE=true"):
        BlobStore("s3://bucket/prefix")
    BlobStore("s3://bucket/prefix", instance_role=True)
    BlobStore("s3://bucket/prefix", keys=("id", "secret"))


@pytest.mark.usefixtures("_no_keys")
@pytest.mark.parametrize(
    "names",
    [
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ("aws_access_key_id", "aws_secret_access_key"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
    ],
)
def test_a_bucket_with_keys_is_opened(names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names:
        monkeypatch.setenv(name, "given")
    BlobStore("s3://bucket/prefix")


@pytest.mark.usefixtures("_no_keys")
async def test_a_bucket_whose_server_is_gone_is_unavailable_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "nowhere")
    store = BlobStore("s3://bucket/prefix", keys=("id", "secret"))
    with pytest.raises(Unavailable) as caught:
        await store.put("key", b"photo")
    assert caught.value.reason == "BLOB_STORE_UNAVAILABLE"


async def test_nothing_is_written_where_the_marker_is_gone(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    await blobs.put("marker", b"x")
    blobs.require("marker", found=True)
    await blobs.put("t/images/x/original", b"x")
    shutil.move(tmp_path / "blobs", tmp_path / "away")
    for use in (blobs.put("t/images/y/original", b"y"), blobs.get("t/images/x/original")):
        with pytest.raises(StoreMissing) as caught:
            await use
        assert caught.value.reason == "BLOB_STORE_MISSING"
    shutil.move(tmp_path / "away", tmp_path / "blobs")  # where no folder has taken its place
    assert await blobs.get("t/images/x/original") == b"x"
