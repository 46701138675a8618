"""Uploads that take the place of photos in requests."""

from __future__ import annotations

import pytest

from armoire.v1 import search_pb2, types_pb2
from domain.errors import InvalidInput, NotFound, Unimplemented
from domain.types import Principal
from services.edge.uploaded_images import UploadedImages, read_no_upload

STORED = {"a": b"12345", "b": b"123456"}


async def read(_principal: Principal, upload_id: str) -> bytes:
    if upload_id not in STORED:
        raise NotFound("upload", upload_id)
    return STORED[upload_id]


def uploaded(upload_id: str) -> types_pb2.ImageInput:
    return types_pb2.ImageInput(upload_id=upload_id, boxes=[types_pb2.Box(x2=1, y2=1)])


async def test_bytes_take_the_place_of_uploads_and_boxes_stay() -> None:
    images = [uploaded("a"), types_pb2.ImageInput(content=b"sent"), uploaded("x"), uploaded("a")]
    failed = await UploadedImages(read, 10).load_each(images)
    assert [image.content for image in images] == [b"12345", b"sent", b"", b"12345"]
    assert len(images[0].boxes) == 1
    assert {index: type(error) for index, error in failed.items()} == {2: NotFound}


async def test_uploads_of_a_call_have_a_limit_together_and_one_alone_has_none() -> None:
    images = UploadedImages(read, 10)
    failed = await images.load_each([uploaded("a"), uploaded("b")])
    assert {index: str(error) for index, error in failed.items()} == {
        1: "upload_id: uploads must have at most 10 bytes together"
    }
    alone = uploaded("b")
    assert await UploadedImages(read, 5).load_each([alone]) == {}
    assert alone.content == STORED["b"]


async def test_the_photos_of_a_search_are_named_by_their_fields() -> None:
    images = UploadedImages(read, 10)
    alone = search_pb2.SearchRequest(image=uploaded("b"))
    await UploadedImages(read, 5).load_query(alone, 8)
    assert alone.image.content == STORED["b"]
    examples = search_pb2.ExampleSet(
        positive=[search_pb2.Example(image=uploaded("a"))],
        negative=[search_pb2.Example(image=uploaded("b"))],
    )
    with pytest.raises(InvalidInput, match="examples: uploads must have at most 10 bytes"):
        await images.load_query(search_pb2.SearchRequest(examples=examples), 8)
    few = search_pb2.SearchRequest(examples=examples)
    await images.load_query(few, 1)
    assert few.examples.positive[0].image.upload_id == "a", "the search itself refuses too many examples"


async def test_a_server_without_a_catalogue_has_no_uploads() -> None:
    images = UploadedImages(read_no_upload, 10)
    (error,) = (await images.load_each([uploaded("a")])).values()
    assert isinstance(error, Unimplemented)
    with pytest.raises(Unimplemented, match="send the picture in content"):
        await images.load(uploaded("a"))
