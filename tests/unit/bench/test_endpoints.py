"""How photos go to servers that speak HTTP."""

from __future__ import annotations

from email import message_from_bytes

from bench.endpoints import BOUNDARY, HttpEndpoint


def parts(body: bytes) -> dict[str, bytes]:
    head = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n".encode()
    message = message_from_bytes(head + body)
    assert message.is_multipart()
    found = {}
    for part in message.get_payload():
        assert not isinstance(part, str)
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        found[str(name)] = payload
    return found


def test_a_form_holds_the_photo() -> None:
    assert parts(HttpEndpoint("http://x", form=True)._body("detect", b"JPEG")) == {"photo": b"JPEG"}


def test_a_form_names_the_call_where_the_path_does_not() -> None:
    endpoint = HttpEndpoint("http://x", form=True, path="/predict")
    assert parts(endpoint._body("embed", b"JPEG")) == {"rpc": b"embed", "photo": b"JPEG"}
    assert endpoint._url("embed") == "http://x/predict"


def test_the_photo_itself_is_the_body_where_there_is_no_form() -> None:
    endpoint = HttpEndpoint("http://x")
    assert endpoint._body("embed", b"JPEG") == b"JPEG"
    assert endpoint._url("embed") == "http://x/embed"
