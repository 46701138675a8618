from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire.v1 import duplicates_pb2, images_pb2, products_pb2
from tests.unit.clients.command.outcomes import documents


@pytest.fixture
def image() -> images_pb2.Image:
    crop = {"box": {"x2": 5, "y2": 6}, "score": 0.5, "label": "bag", "reason": "QUALITY_ISSUE_TOO_SMALL"}
    return images_pb2.Image(
        id="image-1",
        name="dress.jpg",
        width=60,
        height=80,
        format="jpeg",
        warnings=["QUALITY_ISSUE_LOW_RESOLUTION"],
        rejected_crops=[crop],
    )


def test_images_are_listed(armoire: Any, server: Any, image: images_pb2.Image) -> None:
    server.say("ListImages", images_pb2.ListImagesResponse(images=[image]))
    status, out, _ = armoire("images", "list", "--product", "product-1")
    header, row = out.splitlines()
    assert status == 0
    assert header.split()[:3] == ["image", "name", "product"]
    assert all(word in row for word in ("image-1", "60x80", "low_resolution", "bag: too_small"))
    assert server.requests["ListImages"][0].product_id == "product-1"


@pytest.mark.parametrize(
    ("options", "product_id"),
    [(["--product", "p-1"], "p-1"), (["--external-id", "SKU-1"], "p-2"), (["--no-product"], "")],
)
def test_images_are_moved(
    armoire: Any, server: Any, image: images_pb2.Image, options: list[str], product_id: str
) -> None:
    found = products_pb2.GetProductResponse(product=products_pb2.Product(id="p-2"))
    server.say("GetProduct", found)
    server.say("UpdateImage", images_pb2.UpdateImageResponse(image=image))
    assert armoire("images", "move", "i-1", "i-2", *options)[0] == 0
    asked = server.requests["UpdateImage"]
    assert {(each.image.id, each.image.product_id) for each in asked} == {
        ("i-1", product_id),
        ("i-2", product_id),
    }
    assert list(asked[0].update_mask.paths) == ["product_id"]


def test_images_by_id(armoire: Any, server: Any, image: images_pb2.Image) -> None:
    server.say("GetImage", images_pb2.GetImageResponse(image=image))
    (document,) = documents(armoire("images", "get", "image-1", "--json")[1])
    assert (document["image_id"], document["image"], document["product_id"]) == ("image-1", "dress.jpg", None)
    assert document["warnings"] == ["low_resolution"]
    assert document["rejected_crops"] == [
        {"box_xyxy": [0, 0, 5, 6], "score": 0.5, "label": "bag", "reason": "too_small"}
    ]


@pytest.mark.parametrize(
    ("options", "rendition", "max_side_px"),
    [
        ([], images_pb2.RENDITION_ORIGINAL, 0),
        (["--thumbnail", "64"], images_pb2.RENDITION_THUMBNAIL, 64),
    ],
)
def test_a_photo_is_saved(
    armoire: Any, server: Any, tmp_path: Path, options: list[str], rendition: int, max_side_px: int
) -> None:
    content = images_pb2.GetImageContentResponse(content=b"jpeg", media_type="image/jpeg")
    server.say("GetImageContent", content)
    target = tmp_path / "saved.jpg"
    status, out, _ = armoire("images", "save", "image-1", str(target), *options)
    assert (status, out) == (0, f"saved {target} (image/jpeg)\n")
    assert target.read_bytes() == b"jpeg"
    (request,) = server.requests["GetImageContent"]
    assert (request.rendition, request.max_side_px) == (rendition, max_side_px)


def test_a_photo_that_cannot_be_saved_is_not_fetched(armoire: Any, server: Any, tmp_path: Path) -> None:
    status, _, err = armoire("images", "save", "image-1", str(tmp_path / "gone" / "saved.jpg"))
    assert status == 1
    assert "no folder" in err
    assert server.requests == {}


def test_photos_are_deleted(armoire: Any, server: Any, fail: Any) -> None:
    server.say("DeleteImage", images_pb2.DeleteImageResponse(), fail(grpc.StatusCode.NOT_FOUND, "gone"))
    assert armoire("images", "delete", "image-1")[:2] == (0, "deleted image-1\n")
    assert armoire("images", "delete", "image-1")[0] == 1


def test_urls_are_lines_of_their_own(armoire: Any, server: Any, fail: Any) -> None:
    reply = images_pb2.GetImageContentResponse(url="https://blobs.example/1", media_type="image/png")
    server.say("GetImageContent", reply, fail(grpc.StatusCode.NOT_FOUND, "gone"))
    status, out, _ = armoire("images", "url", "image-1", "--thumbnail", "64", "--lifetime", "10m")
    assert (status, out) == (0, "https://blobs.example/1\n")
    (request,) = server.requests["GetImageContent"]
    assert (request.as_url, request.max_side_px, request.url_lifetime_s) == (True, 64, 600)
    assert armoire("images", "url", "image-1")[0] == 1


def test_a_url_as_json(armoire: Any, server: Any) -> None:
    reply = images_pb2.GetImageContentResponse(
        url="https://blobs.example/1", media_type="image/png", url_expire_time={"seconds": 1_700_000_000}
    )
    server.say("GetImageContent", reply)
    (document,) = documents(armoire("images", "url", "image-1", "--json")[1])
    assert document == {
        "image_id": "image-1",
        "url": "https://blobs.example/1",
        "media_type": "image/png",
        "expire_time": "2023-11-14T22:13:20+00:00",
    }


def test_the_pictures_of_rejected_crops_are_saved(armoire: Any, server: Any, tmp_path: Path) -> None:
    reason = "QUALITY_ISSUE_TOO_SMALL"
    crops = [images_pb2.RejectedCrop(reason=reason, crop=b"jpeg"), images_pb2.RejectedCrop(reason=reason)]
    image = images_pb2.Image(id="image-1", rejected_crops=crops)
    server.say("GetImage", images_pb2.GetImageResponse(image=image))
    folder = tmp_path / "rejected"
    status, out, _ = armoire("images", "save-rejected", "image-1", str(folder))
    assert (status, out) == (0, f"saved 1 of 2 rejected crops in {folder}\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"image-1-0-too_small.jpg": b"jpeg"}
    (request,) = server.requests["GetImage"]
    assert request.include_rejected_crops


def test_the_copies_of_a_photo_are_listed(armoire: Any, server: Any, image: images_pb2.Image) -> None:
    photo = duplicates_pb2.DuplicatePhoto(image=image, distance=4)
    server.say(
        "FindNearDuplicates",
        duplicates_pb2.FindNearDuplicatesResponse(photos=[photo], total_size=3, hashed=True),
    )
    status, out, err = armoire("images", "duplicates", "image-0", "--max-distance", "9", "--limit", "1")
    assert (status, out.splitlines()[1].split()) == (0, ["image-1", "dress.jpg", "-", "4"])
    assert err == "1 of 3 are shown; --limit shows more\n"
    (request,) = server.requests["FindNearDuplicates"]
    assert (request.image_id, request.max_distance, request.page_size) == ("image-0", 9, 1)


def test_a_plain_photo_is_said_to_have_no_hash(armoire: Any, server: Any) -> None:
    server.say("FindNearDuplicates", duplicates_pb2.FindNearDuplicatesResponse())
    status, _, err = armoire("images", "duplicates", "image-0")
    assert (status, "the photo has no hash" in err) == (0, True)


def test_groups_of_copies_are_listed(armoire: Any, server: Any, image: images_pb2.Image) -> None:
    copy = images_pb2.Image(id="image-2")
    photos = [{"image": image}, {"image": copy, "distance": 6}]
    group = duplicates_pb2.DuplicateGroup(photos=photos, total_size=2)
    server.say("ListNearDuplicates", duplicates_pb2.ListNearDuplicatesResponse(groups=[group]))
    status, out, _ = armoire("images", "duplicates", "--product", "p-1")
    assert (status, out.splitlines()[1].split()) == (0, ["2", "image-1", "image-2", "(6)"])
    _, out, _ = armoire("images", "duplicates", "--json")
    (document,) = documents(out)
    assert [photo["distance"] for photo in document["photos"]] == [0, 6]
    assert [each.product_id for each in server.requests["ListNearDuplicates"]] == ["p-1", ""]
