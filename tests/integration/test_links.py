"""Links to pictures of a running server, as browsers follow them."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
from PIL import Image

from armoire import Client, InvalidInput
from demo.server import ServerProcess
from tests.polling import until

CALL = "/armoire.v1.CatalogService/GetImageContent"
ON_A_PAGE = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}


@pytest.fixture
def photo(client: Client, samples: list[Path]) -> tuple[str, bytes]:
    """The id of an indexed photo, and its bytes."""
    content = samples[0].read_bytes()
    image_id = client.index(content).image_id
    return image_id, content


def test_a_link_needs_no_key_and_ends_with_its_photo(
    server: ServerProcess, client: Client, photo: tuple[str, bytes]
) -> None:
    image_id, content = photo
    link = client.get_image_url(image_id)
    assert link.url.startswith(f"{server.http_url}/blobs/default/images/{image_id}/original?")
    whole = httpx.get(link.url, headers=ON_A_PAGE)
    assert (whole.status_code, whole.content) == (200, content)
    assert (whole.headers["content-type"], whole.headers["x-content-type-options"]) == (
        link.media_type,
        "nosniff",
    )
    part = httpx.get(link.url, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, content[100:200])
    head = httpx.head(link.url)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(content)))
    again = httpx.get(link.url, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.delete_image(image_id)
    gone = httpx.get(link.url)
    assert (gone.status_code, gone.json()["reason"]) == (410, "PICTURE_GONE")
    assert gone.headers["content-type"] == "application/problem+json"


def test_a_link_to_a_thumbnail(client: Client, photo: tuple[str, bytes]) -> None:
    link = client.get_image_url(photo[0], thumbnail_px=64)
    response = httpx.get(link.url)
    assert response.headers["content-type"] == link.media_type
    assert max(Image.open(io.BytesIO(response.content)).size) == 64


def test_a_link_that_was_changed_is_refused(client: Client, photo: tuple[str, bytes]) -> None:
    url = client.get_image_url(photo[0]).url
    for other in (url.replace("/default/", "/other/"), url.replace("/original", "/thumbnail"), url + "A"):
        refused = httpx.get(other)
        assert (refused.status_code, refused.json()["reason"]) == (403, "URL_INVALID")
    with pytest.raises(InvalidInput, match="url_lifetime_s"):
        client.get_image_url(photo[0], lifetime_s=10**8)


def test_a_link_begins_where_the_call_came(server: ServerProcess, photo: tuple[str, bytes]) -> None:
    response = httpx.post(
        f"http://localhost:{server.http_port}{CALL}", json={"imageId": photo[0], "asUrl": True}
    )
    url = response.json()["url"]
    assert url.startswith(f"http://localhost:{server.http_port}/blobs/")
    assert httpx.get(url).content == photo[1]


def test_links_are_in_no_log_and_in_the_metrics(
    server: ServerProcess, client: Client, photo: tuple[str, bytes]
) -> None:
    url = client.get_image_url(photo[0]).url
    assert httpx.get(url).status_code == 200
    assert 'method="GET /blobs"' in httpx.get(f"{server.http_url}/metrics").text
    until(lambda: f"/blobs/default/images/{photo[0]}" in server.log_path.read_text())
    assert url.rpartition("signature=")[2] not in server.log_path.read_text()


def test_photos_are_uploaded_and_indexed(client: Client, samples: list[Path], server: ServerProcess) -> None:
    upload = client.upload(samples[1])
    first, again = client.index(upload), client.index(upload)
    assert first.image_id == again.image_id
    assert client.wait_for_indexing_job(first.id).items
    assert client.get_image_content(first.image_id).content == samples[1].read_bytes()
    assert client.search(upload).queries
    assert client.analyze(upload).items
    assert client.index(samples[2], upload=True).image_name == samples[2].name


def test_bytes_that_were_not_announced_are_refused(client: Client) -> None:
    target = client.create_upload("image/png", 100)
    headers = {**target.headers, "origin": "http://evil.example"}
    page = httpx.put(target.url, content=b"x" * 100, headers=headers)
    assert (page.status_code, page.json()["reason"]) == (403, "ORIGIN_NOT_ALLOWED")
    short = httpx.put(target.url, content=b"x" * 99, headers=dict(target.headers))
    assert (short.status_code, short.json()["reason"]) == (400, "UPLOAD_MISMATCH")
    with pytest.raises(InvalidInput, match="size_bytes"):
        client.create_upload("image/png", 2**40)
