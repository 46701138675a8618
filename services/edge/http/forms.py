"""Photos as multipart forms: `curl -F image=@photo.jpg`, for the calls that take photos.

The photos go in parts named `image`; the other fields of the message are form fields of the same name,
messages and lists as JSON. Where `image_name` is not given, it is the file's. The answer is the call's
response in proto3 JSON.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from google.protobuf import json_format
from google.protobuf.message import Message
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from armoire.v1 import indexing_pb2, inference_pb2, search_pb2
from domain.errors import InvalidInput
from services.edge.decoding import MAX_PLAIN_BYTES
from services.edge.http.call_requests import UnsupportedContentType
from services.edge.http.json_request import field_takes_text, load_json, parse_fields

PHOTO_PART = "image"


@dataclass(frozen=True, slots=True)
class FormPhoto:
    """A file of a form; `name` is the sender's, empty where it has none."""

    name: str
    content: bytes


SetPhotos: TypeAlias = Callable[[Any, Sequence[FormPhoto]], None]


@dataclass(frozen=True, slots=True)
class FormRoute:
    """A call that takes a form.

    Attributes:
        path: where the form is posted.
        method: the path of the call.
        set_photos: puts the photos of the form into the request.
        accepted: the work goes on after the answer: 202, with the address of its job.
    """

    path: str
    method: str
    request_class: type[Message]
    set_photos: SetPhotos
    accepted: bool = False


async def read_form(request: Request, route: FormRoute) -> Message:
    """The message that a form holds. Raises InvalidInput naming the field."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "multipart/form-data":
        raise UnsupportedContentType(content_type, ["multipart/form-data"])
    try:
        async with request.form(max_part_size=2**20) as form:
            photos = [FormPhoto(file.filename or "", await file.read()) for file in _photo_files(form)]
            fields = _form_fields(form, route.request_class)
    except HTTPException as error:
        raise InvalidInput("body", f"is not a valid multipart form: {error.detail}") from error
    message = await asyncio.to_thread(parse_fields, route.request_class, fields)
    route.set_photos(message, photos)
    return message


def _photo_files(form: FormData) -> list[UploadFile]:
    files = [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)]
    for name, _ in files:
        if name != PHOTO_PART:
            raise InvalidInput(name, f"cannot be a file: photos go in parts named {PHOTO_PART}")
    return [file for _, file in files]


def _form_fields(form: FormData, kind: type[Message]) -> dict[str, object]:
    fields: dict[str, object] = {}
    texts = [(name, value) for name, value in form.multi_items() if not isinstance(value, UploadFile)]
    chars = sum(len(name) + len(value) for name, value in texts)
    if chars > MAX_PLAIN_BYTES:
        raise InvalidInput("body", f"must have at most {MAX_PLAIN_BYTES} characters beside its photos")
    for name, value in texts:
        if name in fields:
            raise InvalidInput(name, "is given twice")
        fields[name] = _field_value(kind, name, value)
    return fields


def _field_value(kind: type[Message], name: str, text: str) -> object:
    """Keep the text of a string field, parse messages and lists as JSON, pass on other values as text."""
    if field_takes_text(kind, name):
        return text
    if text.lstrip().startswith(("{", "[")):
        return load_json(name, text)
    return {"true": True, "false": False}.get(text, text)


def _add_photos(message: inference_pb2.AnalyzeRequest, photos: Sequence[FormPhoto]) -> None:
    if photos and message.images:
        raise InvalidInput("images", f"cannot be combined with parts named {PHOTO_PART}")
    for photo in photos:
        message.images.add(content=photo.content)


def _set_query(message: search_pb2.SearchRequest, photos: Sequence[FormPhoto]) -> None:
    chosen = message.WhichOneof("query")
    if photos and chosen is not None:
        raise InvalidInput(PHOTO_PART, f"cannot be combined with {chosen}: give one of the two")
    if photos:
        message.image.content = _only(photos).content


def _set_image(message: indexing_pb2.IndexImageRequest, photos: Sequence[FormPhoto]) -> None:
    if photos and message.image.WhichOneof("source") is not None:
        raise InvalidInput(PHOTO_PART, "cannot be combined with image: give one of the two")
    if photos:
        photo = _only(photos)
        message.image.content = photo.content
        message.image_name = message.image_name or photo.name


def _only(photos: Sequence[FormPhoto]) -> FormPhoto:
    if len(photos) > 1:
        raise InvalidInput(PHOTO_PART, f"must be one photo, got {len(photos)}")
    return photos[0]


def job_address(response: indexing_pb2.IndexImageResponse) -> str:
    """Where a GET tells the state of the job."""
    request = indexing_pb2.GetIndexingJobRequest(job_id=response.job.id)
    message = json_format.MessageToJson(request, indent=None)
    return "/armoire.v1.CatalogService/GetIndexingJob?" + urlencode({"encoding": "json", "message": message})


FORM_ROUTES = (
    FormRoute(
        "/v1/analyze", "/armoire.v1.InferenceService/Analyze", inference_pb2.AnalyzeRequest, _add_photos
    ),
    FormRoute("/v1/search", "/armoire.v1.CatalogService/Search", search_pb2.SearchRequest, _set_query),
    FormRoute(
        "/v1/index",
        "/armoire.v1.CatalogService/IndexImage",
        indexing_pb2.IndexImageRequest,
        _set_image,
        accepted=True,
    ),
)
