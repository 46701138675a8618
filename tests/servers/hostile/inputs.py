"""Hostile inputs: what is sent over which transport. Each kind is a function of the values that are drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote

from google.protobuf.descriptor import MethodDescriptor

from tests.servers.fuzz import METHODS, path_of
from tests.servers.hostile.values import ID, Values

Headers: TypeAlias = Sequence[tuple[str, str]]

OWN = [each for each in METHODS if not each.containing_service.full_name.startswith("inference.")]
FORMS = ("/v1/analyze", "/v1/search", "/v1/index")
MODELS = (
    "detector",
    "image_encoder",
    "text_encoder",
    "embed",
    "detect",
    "analyze",
    "embed_text",
    "nope",
    "a%2f..",
)
TOKENS = (
    *(
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer arm_00000000_x",
        "Bearer " + "A" * 5000,
        "bearer \xff\xfe",
    ),
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwidGVuYW50IjoiZGVmYXVsdCIsInNjb3BlIjoiYWRtaW4ifQ.",
    "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
)
NAMES = (
    *(
        "authorization",
        "traceparent",
        "x-request-id",
        "connect-timeout-ms",
        "grpc-timeout",
        "content-encoding",
    ),
    *(
        "origin",
        "host",
        "cookie",
        "x-forwarded-for",
        "connect-protocol-version",
        "accept-encoding",
        "te",
        "expect",
    ),
    *("inference-header-content-length", "sec-fetch-site", "content-type", "x-end-user", "idempotency-key"),
)
VALUES = (
    *(
        "",
        "0",
        "-1",
        "1",
        "99999999999",
        "1n",
        "5S",
        "1m",
        "gzip",
        "br",
        "identity",
        "null",
        "http://evil.example",
    ),
    *(
        "\xff\xfe",
        "a" * 3000,
        "00-" + "0" * 32 + "-" + "0" * 16 + "-01",
        "100-continue",
        "cross-site",
        "a\tb",
        ID,
    ),
    *(
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "application/json",
        "application/grpc-web-text",
    ),
)
METADATA = (*NAMES[:5], "x-end-user", "idempotency-key")


@dataclass(frozen=True, slots=True)
class GrpcInput:
    method: MethodDescriptor
    contents: Sequence[bytes]
    metadata: Headers = ()


@dataclass(frozen=True, slots=True)
class HttpInput:
    verb: str
    path: str
    headers: Headers = ()
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class RawInput:
    """`grpc` is the port; the sender then listens for a moment, or leaves at once."""

    grpc: bool
    content: bytes
    listens: bool


Input: TypeAlias = GrpcInput | HttpInput | RawInput


def grpc_call(values: Values) -> Input:
    method, draw = values.draw.choice(METHODS), values.draw
    count = draw.choice((0, 1, 1, 3, 20)) if method.client_streaming else 1
    contents = [values.binary(method.input_type) for _ in range(count)]
    return GrpcInput(method, contents, _metadata(values))


def _metadata(values: Values) -> Headers:
    if values.draw.random() < 0.6:
        return ()
    ascii_values = [each for each in VALUES if each.isascii() and each.isprintable()]
    tokens = [each for each in TOKENS if each.isascii()]
    name = values.draw.choice(METADATA)
    return [(name, values.draw.choice(tokens if name == "authorization" else ascii_values))]


def connect_call(values: Values) -> Input:
    method, draw = draw_of(values), values.draw
    streams = method.client_streaming or method.server_streaming
    encoding = draw.choice(("json", "proto"))
    content = values.json(method.input_type) if encoding == "json" else values.binary(method.input_type)
    if streams:
        content = enveloped(values, content)
    kind = f"application/{'connect+' if streams else ''}{encoding}"
    return HttpInput("POST", path_of(method), headers(values, kind), content)


def web_call(values: Values) -> Input:
    method = draw_of(values)
    encoding = values.draw.choice(("", "+proto", "+json"))
    content = values.json(method.input_type) if encoding == "+json" else values.binary(method.input_type)
    return HttpInput(
        "POST",
        path_of(method),
        headers(values, f"application/grpc-web{encoding}"),
        enveloped(values, content),
    )


def draw_of(values: Values) -> MethodDescriptor:
    method: MethodDescriptor = values.draw.choice(OWN)
    return method


def enveloped(values: Values, content: bytes) -> bytes:
    """A message of a stream, sometimes with another length or flags, or several."""
    draw = values.draw
    length = len(content) if draw.random() < 0.7 else draw.choice((0, 1, 2**31, 2**32 - 1))
    flags = draw.choice((0, 0, 0, 0, 1, 2, 3, 128, 255))
    return (bytes([flags]) + length.to_bytes(4, "big") + content) * draw.choice((1, 1, 1, 2, 20))


def get_call(values: Values) -> Input:
    method, draw = draw_of(values), values.draw
    message = quote(values.json(method.input_type)[:4000])
    encoding = draw.choice(("json", "proto", "", "xml"))
    query = draw.choice(("", "&base64=1", "&compression=gzip", "&connect=v1", f"&message={message}"))
    return HttpInput(
        draw.choice(("GET", "GET", "HEAD", "OPTIONS", "DELETE")),
        f"{path_of(method)}?encoding={encoding}&message={message}{query}",
        headers(values, ""),
    )


def form(values: Values) -> Input:
    draw = values.draw
    parts = []
    for _ in range(draw.choice((0, 1, 1, 2, 5, 40))):
        name = draw.choice(
            ("image", "image", "text", "top_k", "filter", "images", "boxes", "product", "x" * 300)
        )
        file = '; filename="a.jpg"' if draw.random() < 0.5 else ""
        content = values.bytes() if file else json.dumps(values.json_value()).encode()
        head = f'--x\r\ncontent-disposition: form-data; name="{name}"{file}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    content = b"".join([*parts, b"--x--\r\n"])
    content = values.damaged(content) if draw.random() < 0.3 else content
    kind = draw.choice(("multipart/form-data; boundary=x",) * 6 + ("multipart/form-data", "text/plain"))
    return HttpInput("POST", draw.choice(FORMS), headers(values, kind), content)


def open_inference(values: Values) -> Input:
    """REST of the Open Inference Protocol: inputs as JSON, or as binary data behind it."""
    draw = values.draw
    path = (
        f"/v2/models/{draw.choice(MODELS)}/{draw.choice(('infer',) * 6 + ('', 'ready', 'config', 'stats'))}"
    )
    if draw.random() < 0.15:
        path = draw.choice(
            ("/v2/repository/index", "/v2/repository/models/x/load", f"/v2/models/{quote(values.text())}")
        )
    inputs = [_tensor(values) for _ in range(draw.choice((0, 1, 1, 2, 70)))]
    members = {"id": values.text(), "inputs": inputs, "outputs": [{"name": values.text()}]}
    if draw.random() < 0.4:
        members[draw.choice(("inputs", "outputs", "parameters", "id"))] = values.json_value()
    content = json.dumps(members).encode()
    lengths = (("inference-header-content-length", str(draw.choice((len(content), 0, -1, 2**40)))),)
    content += draw.choice((b"", values.bytes()))
    content = values.damaged(content) if draw.random() < 0.3 else content
    sent = (*headers(values, "application/json"), *(lengths if draw.random() < 0.4 else ()))
    return HttpInput(draw.choice(("POST", "POST", "POST", "GET")), path, sent, content)


def _tensor(values: Values) -> dict[str, object]:
    draw = values.draw
    shape = draw.choice(
        ([1], [0], [-1], [2**40, 0], [2, 3], [1, 3, 224, 224], [], [1] * 9, [10**18, 10**18], "x")
    )
    datatype = draw.choice(("FP32", "BYTES", "INT64", "FP16", "BOOL", "UINT8", "nope", ""))
    data = draw.choice(([1], ["a"], [], [[1, 2], [3]], [1e999], [2**70], values.json_value()))
    name = draw.choice(("images", "image", "text", "texts", "pixels", values.text()))
    tensor = {"name": name, "datatype": datatype, "shape": shape, "data": data}
    if draw.random() < 0.3:
        size = draw.choice((0, 5, -1, 2**40, "x"))
        tensor = {**tensor, "parameters": {"binary_data_size": size}}
        del tensor["data"]
    return tensor


def page(values: Values) -> Input:
    draw = values.draw
    path = draw.choice(
        ("/", "/docs", "/openapi.json", "/metrics", "/readyz", "/livez", "/v2", "/v1", "/schema.json")
    )
    suffix = draw.choice(
        ("", "/", "//", "?a=" + "b" * 3000, "%00", "%0a", "/../..", "%2e%2e/", quote(values.text()[:500]))
    )
    verb = draw.choice(("GET", "GET", "HEAD", "POST", "PUT", "TRACE", "PROPFIND"))
    return HttpInput(verb, path + suffix, headers(values, ""))


def headers(values: Values, content_type: str) -> Headers:
    draw = values.draw
    own = [("content-type", content_type)] if content_type else []
    if draw.random() < 0.6:
        return own
    name = draw.choice(NAMES)
    return [*own, (name, draw.choice(TOKENS if name == "authorization" else VALUES))]


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
START = b"POST /v1/search HTTP/1.1\r\nhost: localhost\r\n"
REQUEST = START + b"content-type: application/json\r\ncontent-length: 4\r\n\r\n{}\r\n"
CHUNKED = START + b"transfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nx: y\r\n\r\n"


def raw(values: Values) -> Input:
    draw, grpc = values.draw, values.draw.random() < 0.5
    noise = draw.randbytes(draw.choice((1, 50, 3000)))
    http = (
        REQUEST,
        CHUNKED,
        b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        b"GET / HTTP/0.9\r\n\r\n",
        b"\x16\x03\x01",
    )
    frames = PREFACE + b"".join(frame(values) for _ in range(draw.choice((0, 1, 5, 100))))
    content = draw.choice((*http, noise, frames, frames, frames) if grpc else (*http, *http, noise, PREFACE))
    content = values.damaged(content) if draw.random() < 0.6 else content
    return RawInput(grpc, content, draw.random() < 0.5)


def frame(values: Values) -> bytes:
    """A frame of HTTP/2 with any type, flags, stream and length. Source: RFC 9113, section 4.1."""
    draw = values.draw
    payload = draw.randbytes(draw.choice((0, 4, 5, 6, 8, 17, 200)))
    length = len(payload) if draw.random() < 0.8 else draw.choice((0, 2**14, 2**24 - 1))
    stream = draw.choice((0, 1, 1, 2, 3, 2**31 - 1))
    kind = draw.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 77))
    return (
        length.to_bytes(3, "big")
        + bytes([kind, draw.choice((0, 1, 4, 5, 8, 255))])
        + stream.to_bytes(4, "big")
        + payload
    )


KINDS: Sequence[tuple[str, Callable[[Values], Input], int]] = (
    ("grpc", grpc_call, 30),
    ("connect", connect_call, 20),
    ("grpc-web", web_call, 10),
    ("get", get_call, 5),
    ("form", form, 10),
    ("open inference REST", open_inference, 10),
    ("pages and headers", page, 5),
    ("raw bytes", raw, 10),
)
"""The kinds of inputs with their shares in percent."""
