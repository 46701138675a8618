"""What logs, traces, the prediction log and a profile of a server tell, and what they do not."""

from __future__ import annotations

import base64
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import grpc
import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

import armoire
from armoire.v1 import inference_pb2
from demo.server import ServerProcess
from services.edge.oip.servicer import OPEN_INFERENCE
from services.oip.stubs import open_inference_pb2 as oip
from tests.open_inference import as_bytes, raw_request
from tests.polling import until

EMAIL = "maria.lopez@example.org"
TEXT = f"zebra striped velvet gown for {EMAIL}"
ANALYZE, EMBED = "/armoire.v1.InferenceService/Analyze", "/armoire.v1.InferenceService/EmbedText"


@dataclass(frozen=True)
class Seen:
    """What was left of the calls of a server that has ended.

    `predictions` are those of the tenant default, `of_shop` those of the tenant shop, whose keys are given.
    """

    log: str
    traces: Sequence[ExportTraceServiceRequest]
    home: Path
    predictions: Sequence[armoire.LoggedPrediction]
    of_shop: Sequence[armoire.LoggedPrediction]
    profile: armoire.ServerProfile
    keys: Sequence[str]
    photo: bytes


class Receiver(BaseHTTPRequestHandler):
    """Keeps the traces that are sent to it."""

    received: list[ExportTraceServiceRequest]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def trace_receiver() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    received: list[ExportTraceServiceRequest] = []
    handler = type("Handler", (Receiver,), {"received": received})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", received
        server.shutdown()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, samples: list[Path]) -> Iterator[Seen]:
    home, photo = tmp_path_factory.mktemp("observed"), samples[0].read_bytes()
    with trace_receiver() as (receiver, traces):
        settings = {
            "ARMOIRE_AUTH__MODE": "required",
            "ARMOIRE_LOG_FORMAT": "json",
            "ARMOIRE_LOG_LEVEL": "DEBUG",
            "ARMOIRE_TRACING__ENDPOINT": receiver,
            "ARMOIRE_TRACING__SAMPLE_RATIO": "1",
            "ARMOIRE_PREDICTIONS__SAMPLE_RATIO": "1",
            "ARMOIRE_PREDICTIONS__KEEP_INPUTS": "true",
        }
        with ServerProcess(home, "services.app:Armoire", settings) as server:
            keys = make_keys(server)
            for call in CALLS:
                call(server, keys["default"], photo)
            with armoire.Client(server.address, token=keys["shop"]) as client:
                client.embed_text("a blue hat")
                of_shop = until(lambda: list(client.iter_predictions()))
            with armoire.Client(server.address, token=keys["default"]) as client:
                found = until(lambda: whole(list(client.iter_predictions(include_pictures=True))))
                profile = profiled(client, photo)
                client.with_metadata([("x-request-id", "the-last-call")]).embed_text(TEXT)
        yield Seen(
            server.log_path.read_text(), traces, home, found, of_shop, profile, list(keys.values()), photo
        )


def whole(found: list[armoire.LoggedPrediction]) -> list[armoire.LoggedPrediction] | None:
    """What was found, once all is there: it is written after the answers."""
    return found if len(found) == EXPECTED.total() else None


def make_keys(server: ServerProcess) -> dict[str, str]:
    admin = (server.home / "first-admin-key").read_text().strip()
    scopes = [scope for scope in armoire.Scope if scope is not armoire.Scope.UNKNOWN]
    with armoire.Client(server.address, token=admin) as client:
        made = {name: client.create_api_key(EMAIL, scopes, tenant=name).key for name in ("default", "shop")}
    return {**made, "first": admin}


def profiled(client: armoire.Client, photo: bytes) -> armoire.ServerProfile:
    """A profile of the server while it analyzes."""
    begun, ended = threading.Event(), threading.Event()

    def analyze() -> None:
        while not ended.is_set():
            client.detect(photo)
            begun.set()

    load = threading.Thread(target=analyze)
    load.start()
    begun.wait()
    try:
        return client.profile(1.0)
    finally:
        ended.set()
        load.join()


def by_client(server: ServerProcess, key: str, photo: bytes) -> None:
    """gRPC, and its streams."""
    with armoire.Client(server.address, token=key) as client:
        client.analyze(photo, include_crops=True)
        client.detect(photo, min_score=0.25)
        client.embed_image(armoire.Photo(photo, boxes=[armoire.Box(0, 0, 50, 60)]))
        client.embed_text(TEXT)
        list(client.analyze_many([photo]))
        product = client.create_product(armoire.Product(display_name=TEXT, external_id=EMAIL))
        job = client.index(photo, product_id=product.id, image_name=EMAIL)
        client.wait_for_indexing_job(job.id)
        client.search(text=TEXT)
        client.search(photo)
        for refused in (lambda: client.embed_text("\0" + TEXT), lambda: client.analyze(photo[:99])):
            with pytest.raises(armoire.InvalidInput):
                refused()
    with armoire.Client(server.address, token=f"{key}x") as client, suppress(armoire.ArmoireError):
        client.embed_text(TEXT)


def by_http(server: ServerProcess, key: str, photo: bytes) -> None:
    """Connect in JSON and binary, gRPC-Web, forms."""
    headers = {"authorization": f"Bearer {key}", "user-agent": EMAIL, "x-request-id": EMAIL}
    analyze = inference_pb2.AnalyzeRequest(images=[{"content": photo}])
    embed = inference_pb2.EmbedTextRequest(texts=[TEXT])
    with httpx.Client(base_url=server.http_url, headers=headers, timeout=120) as http:
        sent = base64.b64encode(photo).decode()
        replies = [
            http.post(ANALYZE, json={"images": [{"content": sent}]}),
            http.post(EMBED, json={"texts": [TEXT]}),
            http.post(
                EMBED, content=embed.SerializeToString(), headers={"content-type": "application/proto"}
            ),
            http.post("/v1/analyze", files={"image": (f"{EMAIL}.jpg", photo)}),
            http.post("/v1/search", files={"text": (None, TEXT.encode())}),
        ]
        web = b"\0" + len(body := analyze.SerializeToString()).to_bytes(4, "big") + body
        replies.append(
            http.post(ANALYZE, content=web, headers={"content-type": "application/grpc-web+proto"})
        )
        assert [reply.status_code for reply in replies] == [200] * len(replies), replies
        refused = [
            http.post(EMBED, content=f'{{"texts": ["{TEXT}"'),
            http.post(EMBED, json={"texts": [TEXT], TEXT: 1}),
            http.get("/v1/nothing", params={"email": EMAIL, "key": key}),
            http.post("/v1/analyze", files={"image": (f"{EMAIL}.jpg", photo[:99])}),
        ]
        assert [reply.status_code for reply in refused] == [415, 400, 404, 200], (
            refused
        )  # an error in the result


def by_open_inference(server: ServerProcess, key: str, photo: bytes) -> None:
    """The Open Inference Protocol over gRPC and HTTP."""
    metadata = [("authorization", f"Bearer {key}")]
    with grpc.insecure_channel(server.address) as channel:
        infer = channel.unary_unary(
            f"/{OPEN_INFERENCE.full_name}/ModelInfer",
            oip.ModelInferRequest.SerializeToString,
            oip.ModelInferResponse.FromString,
        )
        infer(raw_request("embed_text", as_bytes("text", [TEXT.encode()])), metadata=metadata, timeout=120)
        infer(raw_request("detect", as_bytes("image", [photo])), metadata=metadata, timeout=120)
    inputs = [{"name": "text", "datatype": "BYTES", "shape": [1, 1], "data": [TEXT]}]
    url, headers = f"{server.http_url}/v2/models/embed_text/infer", dict(metadata)
    reply = httpx.post(url, json={"inputs": inputs}, headers=headers, timeout=120)
    assert reply.status_code == 200, reply.text


CALLS: Sequence[Callable[[ServerProcess, str, bytes], None]] = (by_client, by_http, by_open_inference)
EXPECTED = Counter({"Analyze": 5, "Detect": 1, "EmbedImage": 1, "EmbedText": 3})
"""Photos and texts that `CALLS` have answered: the Open Inference Protocol and the catalogue log none."""


def test_no_key_picture_text_or_address_is_in_the_log(seen: Seen) -> None:
    lines = [json.loads(line) for line in seen.log.splitlines() if line.startswith("{")]
    assert {line["logger"] for line in lines} >= {"armoire", "bentoml.access"}
    assert [line for line in lines if line.get("trace_id")]
    for name, secret in secrets(seen).items():
        assert secret not in seen.log, name


def test_none_is_in_the_traces(seen: Seen) -> None:
    spans = [
        span
        for request in seen.traces
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert {"armoire.v1.InferenceService/Analyze", "decode", "queue", "run", "blob put"} <= {
        span.name for span in spans
    }
    told = "\n".join(map(str, seen.traces))
    for name, secret in secrets(seen).items():
        assert secret not in told, name


SECRET_CHARS = 43
"""Of a key, at its end; a secret may hold the character that is before it."""


def secrets(seen: Seen) -> Mapping[str, str]:
    middle = len(seen.photo) // 2
    picture = seen.photo[middle : middle + 12]
    keys = {f"key {number}": key[-SECRET_CHARS:] for number, key in enumerate(seen.keys)}
    return {
        **keys,
        "text": "velvet gown",
        "e-mail": EMAIL,
        "e-mail in a URL": EMAIL.replace("@", "%40"),
        "picture": repr(picture)[2:-1],
        "picture in base64": base64.b64encode(seen.photo)[3000:3024].decode(),
        "beginning of a picture": repr(seen.photo[:12])[2:-1],
    }


def test_all_that_was_said_is_in_the_prediction_log(seen: Seen) -> None:
    assert Counter(each.method for each in seen.predictions) == EXPECTED
    for each in seen.predictions:
        assert each.tenant == "default"
        if each.method == "EmbedText":
            assert (each.text, each.picture) == (TEXT, None)
        else:
            assert each.picture == seen.photo
    analyzed = next(each for each in seen.predictions if each.method == "Analyze")
    assert analyzed.detector_version.startswith("demo-detector")
    assert analyzed.embedder_version.startswith("demo-embedder")
    assert (analyzed.image_width > 0, bool(analyzed.items)) == (True, True)
    assert analyzed.items[0].attributes
    assert analyzed.items[0].embedding is not None
    detected = next(each for each in seen.predictions if each.method == "Detect")
    assert (detected.min_score, detected.embedder_version) == (0.25, "")
    boxed = next(each for each in seen.predictions if each.method == "EmbedImage")
    assert boxed.boxes == (armoire.Box(0, 0, 50, 60),)


def test_a_tenant_reads_its_own_predictions_only(seen: Seen) -> None:
    assert [(each.tenant, each.text) for each in seen.of_shop] == [("shop", "a blue hat")]


def test_what_waits_is_written_at_the_end(seen: Seen) -> None:
    with sqlite3.connect(seen.home / "predictions.db") as database:
        query = "SELECT count(*) FROM logged_prediction WHERE request_id = 'the-last-call'"
        assert database.execute(query).fetchone() == (1,)


def test_a_profile_shows_the_server_at_work(seen: Seen) -> None:
    document = json.loads(seen.profile.speedscope_json)
    files = {frame.get("file", "") for frame in document["shared"]["frames"]}
    assert any(file.endswith("models/session.py") for file in files)
    assert {profile["name"] for profile in document["profiles"]} >= {"MainThread", "threads without Python"}
    assert seen.profile.sampling_cpu_s < seen.profile.cpu_s
