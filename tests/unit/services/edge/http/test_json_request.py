"""Requests in JSON: what is refused, and how the field is named."""

from __future__ import annotations

import base64

import pytest

from armoire.v1 import inference_pb2, items_pb2, products_pb2, search_pb2
from domain.errors import InvalidInput
from services.edge.http.json_request import (
    field_takes_text,
    load_json,
    parse_body,
    parse_fields,
    unique_members,
)

PHOTO = base64.b64encode(b"photo?>").decode()


def test_a_request_reads_in_both_namings_and_alphabets() -> None:
    for content in (PHOTO, PHOTO.rstrip("="), base64.urlsafe_b64encode(b"photo?>").decode()):
        body = f'{{"image": {{"content": "{content}"}}, "topK": 3, "include_crops": true}}'
        request = parse_body(search_pb2.SearchRequest, body.encode())
        assert (request.image.content, request.top_k, request.include_crops) == (b"photo?>", 3, True)


def test_unset_members_and_an_optional_field_stand_beside_a_choice() -> None:
    request = parse_body(search_pb2.SearchRequest, b'{"text": "hat", "item_id": null, "top_k": 1}')
    assert request.WhichOneof("query") == "text"
    assert parse_body(inference_pb2.AnalyzeRequest, b'{"min_score": 0.5}').min_score == 0.5


def test_a_map_has_any_keys() -> None:
    body = b'{"product": {"displayName": "Hat", "attributes": {"material": "felt", "key": "brim"}}}'
    product = parse_body(products_pb2.CreateProductRequest, body).product
    assert dict(product.attributes) == {"material": "felt", "key": "brim"}


def test_a_value_of_a_map_is_checked_like_a_field() -> None:
    item = {"attributes": {"category": {"values": [{"value": "hat"}, {"word": "cap"}]}}}
    with pytest.raises(InvalidInput) as error:
        parse_fields(items_pb2.Item, item)
    assert error.value.violations[0].field == "attributes['category'].values[1].word"
    with pytest.raises(InvalidInput, match="attributes"):
        parse_fields(items_pb2.Item, {"attributes": ["hat"]})


@pytest.mark.parametrize(
    ("body", "field", "hint"),
    [
        ('{"image": {"content": "!!!"}}', "image.content", "base64"),
        ('{"image": {"content": "abcde"}}', "image.content", "base64"),
        ('{"image": {"content": "ab=cd"}}', "image.content", "base64"),
        ('{"text": "hat", "item_id": "x"}', "item_id", "with text"),
        ('{"text": "hat", "image": {}}', "image", "image, text, item_id, embedding"),
        ('{"txt": "hat"}', "txt", "top_k"),
        ('{"image": {"boxes": [{"x1": 1}, {"left": 1}]}}', "image.boxes[1].left", "x1"),
        ('{"topK": "many"}', "body", "top_k field"),
        ('{"text": "hat", "text": "cap"}', "body", "'text' is given twice"),
        ('{"topK": 1, "top_k": 1}', "top_k", "twice"),
        ("[]", "body", "object"),
        ("{", "body", "JSON"),
        ("[" * 100_000, "body", "deep"),
        ('{"text": "\\ud800"}', "body", "SearchRequest"),
        ('{"topK": ' + "9" * 5000 + "}", "body", "JSON"),
    ],
)
def test_a_bad_request_names_its_field(body: str, field: str, hint: str) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_body(search_pb2.SearchRequest, body.encode())
    assert error.value.violations[0].field == field
    assert hint in error.value.violations[0].description


def test_bytes_that_are_no_text_are_no_json() -> None:
    with pytest.raises(InvalidInput):
        load_json("body", b"\xff\xfe{")


def test_only_single_strings_take_text() -> None:
    assert field_takes_text(search_pb2.SearchRequest, "text")
    assert field_takes_text(search_pb2.SearchRequest, "pageToken")
    assert not field_takes_text(search_pb2.SearchRequest, "top_k")
    assert not field_takes_text(inference_pb2.EmbedTextRequest, "texts")
    assert not field_takes_text(search_pb2.SearchRequest, "what")


class Name(str):
    """Counts how often names are compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def test_a_name_given_twice_is_found_with_few_comparisons() -> None:
    pairs: list[tuple[str, object]] = [(Name(f"name {index}"), 1) for index in range(2000)]
    with pytest.raises(ValueError, match="'name 1999' is given twice"):
        unique_members([*pairs, (Name("name 1999"), 2)])
    assert Name.compared < 2 * len(pairs)


@pytest.mark.parametrize(
    ("kind", "body", "hint"),
    [
        (items_pb2.ListItemsRequest, b" " * 2**20 + b"{}", "request: must be at most 1048576 bytes"),
        (search_pb2.SearchRequest, b" " * 2**25 + b"{}", "request: must be at most 33554432 bytes"),
        (
            inference_pb2.AnalyzeRequest,
            b'{"images": [' + b"{}," * 2**16 + b"{}]",
            "body: must have at most 131072 elements",
        ),
        (
            inference_pb2.AnalyzeRequest,
            b'{"images": ' + b"[" * 2**18,
            "body: must have at most 131072 elements",
        ),
    ],
)
def test_large_bodies_are_refused(kind: type, body: bytes, hint: str) -> None:
    with pytest.raises(InvalidInput, match=hint):
        parse_body(kind, body)


def test_base64_is_checked_in_all_its_parts() -> None:
    for content in ("A" * 2**20 + "!" * 4, "A" * 2**21 + "====", "=" * 4):
        with pytest.raises(InvalidInput, match="base64"):
            parse_fields(search_pb2.SearchRequest, {"image": {"content": content}})
    request = parse_fields(search_pb2.SearchRequest, {"image": {"content": "A" * 2**21 + "AA=="}})
    assert request.image.content == bytes(3 * 2**19 + 1)


@pytest.mark.parametrize("field", ["text", "top_k", "image.upload_id"])
def test_long_texts_are_refused_before_protobuf_looks_at_them(field: str) -> None:
    long: object = "t" * (2**17 + 1)
    for name in reversed(field.split(".")):
        long = {name: long}
    with pytest.raises(InvalidInput, match=r"must have at most 131072 characters, got 131073") as error:
        parse_fields(search_pb2.SearchRequest, long)
    assert error.value.violations[0].field.startswith(field)


def test_many_texts_beside_pictures_are_refused() -> None:
    body = b'{"filter": {"conditions": [' + b",".join([b'{"field": "' + b"t" * 2**16 + b'"}'] * 17) + b"]}}"
    with pytest.raises(InvalidInput, match="request: must have at most 1048576 bytes beside"):
        parse_body(search_pb2.SearchRequest, body)
