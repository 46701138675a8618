"""Requests that would take long to decode are refused before."""

from __future__ import annotations

import pytest
from google.protobuf.message import Message

from armoire.v1 import indexing_pb2, inference_pb2, search_pb2, types_pb2
from domain.errors import InvalidInput
from services.edge.decoding import MAX_PLAIN_BYTES, MAX_RECORDS, SMALL_BYTES, carries_bytes, decode_message
from services.oip.stubs import open_inference_pb2

PHOTO = b"p" * (4 * MAX_PLAIN_BYTES)


def analyze(*images: types_pb2.ImageInput) -> Message:
    return inference_pb2.AnalyzeRequest(images=images)


def infer(count: int) -> Message:
    contents = open_inference_pb2.InferTensorContents(fp32_contents=[0.5] * count)
    tensor = open_inference_pb2.ModelInferRequest.InferInputTensor(name="x", contents=contents)
    return open_inference_pb2.ModelInferRequest(inputs=[tensor])


@pytest.mark.parametrize(
    "request_",
    [
        analyze(types_pb2.ImageInput(content=PHOTO, boxes=[types_pb2.Box(x2=1, y2=1)] * 64)),
        analyze(*[types_pb2.ImageInput(content=b"p" * SMALL_BYTES)] * 32),
        search_pb2.SearchRequest(embedding=types_pb2.Embedding(values=[0.5] * (MAX_PLAIN_BYTES // 5))),
        open_inference_pb2.ModelInferRequest(raw_input_contents=[PHOTO, PHOTO]),
        infer(MAX_PLAIN_BYTES - 100),
        inference_pb2.EmbedTextRequest(texts=["\N{SNOWMAN}" * 512] * 256),
    ],
)
def test_large_requests_are_decoded(request_: Message) -> None:
    assert decode_message(type(request_), request_.SerializeToString()) == request_


@pytest.mark.parametrize(
    ("request_", "hint"),
    [
        (analyze(*[types_pb2.ImageInput()] * SMALL_BYTES), f"at most {MAX_RECORDS} elements"),
        (analyze(types_pb2.ImageInput(boxes=[types_pb2.Box()] * SMALL_BYTES)), f"{MAX_RECORDS} elements"),
        (
            search_pb2.SearchRequest(
                filter=search_pb2.Filter(conditions=[search_pb2.Condition()] * MAX_PLAIN_BYTES)
            ),
            f"at most {MAX_PLAIN_BYTES} bytes beside",
        ),
        (search_pb2.SearchRequest(text="t" * MAX_PLAIN_BYTES), f"at most {MAX_PLAIN_BYTES} bytes beside"),
        (infer(MAX_PLAIN_BYTES + 1), f"at most {MAX_PLAIN_BYTES} bytes beside"),
        (
            indexing_pb2.ListIndexingJobsRequest(states=[1] * MAX_PLAIN_BYTES),
            f"at most {MAX_PLAIN_BYTES} bytes$",
        ),
    ],
)
def test_requests_of_many_elements_are_refused_before_they_are_decoded(request_: Message, hint: str) -> None:
    undecodable = request_.SerializeToString() + b"\xff"
    with pytest.raises(InvalidInput, match=hint) as error:
        decode_message(type(request_), undecodable)
    assert error.value.violations[0].field == "request"


@pytest.mark.parametrize("tail", [b"\xff" * 20, b"\x0a", b"\x0a\xff\xff\xff\xff\x7f", b"\x0b", b"\x0f"])
def test_what_is_no_message_is_left_to_the_decoder(tail: bytes) -> None:
    data = analyze(types_pb2.ImageInput(content=PHOTO)).SerializeToString() + tail
    with pytest.raises(InvalidInput, match="not a valid message"):
        decode_message(inference_pb2.AnalyzeRequest, data)


def test_a_message_inside_itself_is_looked_at_once() -> None:
    assert not carries_bytes(search_pb2.Filter.DESCRIPTOR)
    assert carries_bytes(search_pb2.SearchRequest.DESCRIPTOR)
