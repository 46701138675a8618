"""What both clients do whatever the call is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from armoire import BlobUri, Box, Client, InvalidInput, Photo, RetryPolicy, Unavailable, Upload
from armoire.v1 import indexing_pb2, inference_pb2, types_pb2
from services.edge.server import GrpcOptions
from tests.unit.clients.scripted_server import serving


def test_a_file_that_cannot_be_read(client: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"cannot read .*gone\.jpg") as caught:
        client.analyze(tmp_path / "gone.jpg")
    assert (caught.value.reason, caught.value.field) == ("UNREADABLE_FILE", "content")


def test_a_reply_larger_than_grpcs_own_limit(client: Any, server: Any) -> None:
    vector = types_pb2.Embedding(values=[0.5] * 2_000_000)
    server.say("EmbedText", inference_pb2.EmbedTextResponse(results=[{"embedding": vector}]))
    assert len(client.embed_text("x").values) == 2_000_000


def test_a_request_above_the_limit_says_so(client: Any, server: Any) -> None:
    server.say("Detect", inference_pb2.DetectResponse())
    with pytest.raises(InvalidInput, match="larger than max") as caught:
        client.detect(bytes(GrpcOptions().max_message_bytes))
    assert caught.value.reason == "MESSAGE_TOO_LARGE"
    assert server.requests["Detect"] == []


def test_a_web_proxy_does_not_come_between(
    connect: Callable[..., Any], server: Any, free_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{free_address}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.say("ListModels", inference_pb2.ListModelsResponse())
    assert connect(server.address).models() == ()


def test_the_address_comes_from_the_environment_where_none_is_given(
    connect: Callable[..., Any], server: Any, free_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse())
    monkeypatch.setenv("ARMOIRE_ADDRESS", server.address)
    assert connect(None).models() == ()
    with pytest.raises(Unavailable, match=free_address):
        connect(free_address).models()


def test_metadata_of_a_client_and_of_some_of_its_calls(connect: Callable[..., Any], server: Any) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse())
    server.say("WatchIndexingJob", [])
    client = connect(server.address, metadata=[("x-tenant", "a")])
    client.with_metadata([("x-request-id", "7f3a")]).models()
    list(client.with_metadata([("x-request-id", "7f3b")]).watch_indexing_job("job-1"))
    client.models()
    one, plain = server.metadata["ListModels"]
    assert (one["x-tenant"], one["x-request-id"]) == ("a", "7f3a")
    assert server.metadata["WatchIndexingJob"][0]["x-request-id"] == "7f3b"
    assert plain["x-tenant"] == "a"
    assert "x-request-id" not in plain


def test_for_whom_a_client_and_some_of_its_calls_are_made(connect: Callable[..., Any], server: Any) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse())
    client = connect(server.address, end_user="shopper-1")
    client.with_end_user("shopper-2").models()
    client.models()
    assert [sent["armoire-end-user"] for sent in server.metadata["ListModels"]] == ["shopper-2", "shopper-1"]


@pytest.mark.parametrize("end_user", ["", "a" * 129, "anna\n", " anna", "Jürgen"])
def test_an_end_user_whom_no_server_takes_is_refused(end_user: str) -> None:
    with pytest.raises(ValueError, match="end_user must be 1 to 128 printable ASCII characters"):
        Client(end_user=end_user)


def test_a_token_is_sent_with_every_call(connect: Callable[..., Any], server: Any) -> None:
    server.say("ListModels", inference_pb2.ListModelsResponse())
    connect(server.address, token="secret").models()
    assert server.metadata["ListModels"][0]["authorization"] == "Bearer secret"


def test_a_token_on_its_way_to_another_machine_unencrypted_is_warned_about(
    connect: Callable[..., Any],
) -> None:
    with pytest.warns(UserWarning, match=r"travels to 192\.0\.2\.1:50051 unencrypted"):
        connect("192.0.2.1:50051", token="secret")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """A key and a certificate for 127.0.0.1 that it signed itself, as PEM."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl, which is not on the PATH")
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    options = (
        "-x509",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=armoire",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    )
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    command = (openssl, "req", *options, *curve, "-keyout", str(key), "-out", str(certificate))
    subprocess.run(command, check=True, capture_output=True)
    return key.read_bytes(), certificate.read_bytes()


@pytest.fixture
def tls_server(certificate: tuple[bytes, bytes]) -> Iterator[Any]:
    with serving(grpc.ssl_server_credentials([certificate])) as script:
        script.say("ListModels", inference_pb2.ListModelsResponse())
        yield script


def test_a_server_with_tls(
    connect: Callable[..., Any], tls_server: Any, certificate: tuple[bytes, bytes]
) -> None:
    trusting = grpc.ssl_channel_credentials(root_certificates=certificate[1])
    assert connect(tls_server.address, credentials=trusting, token="secret").models() == ()
    assert tls_server.metadata["ListModels"][0]["authorization"] == "Bearer secret"


def test_a_server_whose_certificate_nobody_trusts(connect: Callable[..., Any], tls_server: Any) -> None:
    once = RetryPolicy(max_attempts=1)
    stranger = connect(tls_server.address, credentials=grpc.ssl_channel_credentials(), retries=once)
    with pytest.raises(Unavailable, match="no Armoire server answers"):
        stranger.models()
    assert tls_server.requests == {}


@pytest.mark.parametrize(
    ("source", "kind"), [(Upload("upload-1"), "upload_id"), (BlobUri("s3://photos/1.jpg"), "uri")]
)
def test_a_photo_that_the_server_has(client: Any, server: Any, source: Any, kind: str) -> None:
    server.say("Detect", inference_pb2.DetectResponse(results=[{"detections": {}}]))
    server.say("IndexImage", indexing_pb2.IndexImageResponse())
    client.detect(source)
    client.index(Photo(source, (Box(1, 2, 3, 4),)))
    for image in (server.requests["Detect"][0].images[0], server.requests["IndexImage"][0].image):
        assert image.WhichOneof("source") == kind
    assert server.requests["IndexImage"][0].image_name == ""
    assert server.requests["IndexImage"][0].image.boxes[0].x2 == 3


def test_a_name_that_no_file_can_have(client: Any) -> None:
    with pytest.raises(InvalidInput, match="cannot read"):
        client.analyze("a\0b.jpg")
