"""A running server loads, switches and unloads models, as its clients see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import grpc
import httpx
import pytest

import armoire
from armoire import (
    Client,
    ImageAnalysis,
    ModelEventKind,
    ModelState,
    ModelTask,
    ShadowReport,
    ShadowRequirement,
)
from demo.server import ROOT, ServerProcess
from services.oip.stubs import open_inference_pb2 as pb
from tests.open_inference import GrpcClient, as_bytes, raw_request
from tests.polling import until
from tests.unit.services.inference.repository.conftest import DETECTOR, EMBEDDER, second_version

PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("models")
    second_version(DETECTOR, folder / "other-detector")
    second_version(EMBEDDER, folder / "other-embedder")
    environment = {"ARMOIRE_MODELS__FOLDER": str(folder), "ARMOIRE_MODELS__SHADOW_ANALYZE_RATIO": "1"}
    with ServerProcess(tmp_path_factory.mktemp("home"), "services.app:Inference", environment) as server:
        yield server


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    with Client(server.address) as client:
        yield client


@pytest.fixture
def oip(server: ServerProcess) -> Iterator[GrpcClient]:
    with grpc.insecure_channel(server.address) as channel:
        yield GrpcClient(channel)


def versions(analysis: ImageAnalysis) -> tuple[str, str]:
    return analysis.detector_version, analysis.embedder_version


def test_a_model_is_loaded_tried_switched_to_and_unloaded(client: Client) -> None:
    first = versions(client.analyze(PHOTO))
    (detector,) = client.load_model("other-detector")
    image, text = client.load_model("other-embedder")
    assert (image.version, text.task, text.context_length > 0) == (text.version, ModelTask.EMBED_TEXT, True)
    second = detector.version, image.version
    assert versions(client.analyze(PHOTO)) == first
    tried = client.analyze(PHOTO, detector_version=detector.version, embedder_version=image.version)
    assert versions(tried) == second
    assert client.set_model_alias(detector.version).previous_version == first[0]
    assert client.set_model_alias(image.version).previous_version == first[1]
    analysis = client.analyze(PHOTO, include_embeddings=True)
    assert versions(analysis) == second
    assert {item.embedding.model_version for item in analysis.items if item.embedding} == {image.version}
    assert client.embed_text("red dress").model_version == image.version
    for version in first:
        assert client.set_model_alias(version).previous_version in second
    for version in second:
        client.unload_model(version)
    assert versions(client.analyze(PHOTO)) == first
    kinds = [event.kind for event in client.list_model_events(page_size=2).items]
    assert kinds == [ModelEventKind.UNLOADED] * 2
    assert {model.version for model in client.models()} == set(first)


def test_a_shadow_answers_unseen_and_its_figures_gate_a_switch(client: Client) -> None:
    first = client.analyze(PHOTO).embedder_version
    image, _ = client.load_model("other-embedder")
    required = ShadowRequirement(1, min_label_agreement=1.0)
    client.set_model_alias(image.version, alias="shadow")
    with pytest.raises(armoire.FailedPrecondition, match="has not been compared") as refused:
        client.set_model_alias(image.version, required_shadow=required)
    assert refused.value.reason == "SHADOW_REQUIREMENT_NOT_MET"
    assert client.get_shadow_report().candidate_version == ""
    assert client.analyze(PHOTO).embedder_version == first
    report = until(lambda: compared(client.get_shadow_report()))
    assert (report.live_version, report.candidate_version) == (first, image.version)
    assert (report.photos, report.failed, report.label_agreement) == (1, 0, 1.0)
    with pytest.raises(armoire.FailedPrecondition, match=r"overlap@10 0 after 1 photos, not 0\.5"):
        client.set_model_alias(image.version, required_shadow=replace(required, min_overlap=0.5))
    with pytest.raises(armoire.InvalidInput, match=r"required_shadow\.min_garments"):
        client.set_model_alias(image.version, required_shadow=ShadowRequirement(0))
    assert client.set_model_alias(image.version, required_shadow=required).previous_version == first
    assert client.set_model_alias(first).previous_version == image.version
    client.delete_model_alias("shadow", ModelTask.EMBED_IMAGE)
    client.unload_model(image.version)


def compared(report: ShadowReport) -> ShadowReport | None:
    return report if report.photos else None


def test_models_at_rest_are_listed(client: Client) -> None:
    states = {(model.name, model.state) for model in client.models(include_stored=True)}
    assert states == {
        ("demo-detector", ModelState.READY),
        ("demo-embedder", ModelState.READY),
        ("other-detector", ModelState.STORED),
        ("other-embedder", ModelState.STORED),
    }
    defaults = [model for model in client.models() if "default" in model.aliases]
    assert len(defaults) == 3
    assert all(model.max_batch and model.memory_bytes for model in defaults)


def test_the_open_inference_protocol_loads_serves_and_unloads_a_model(
    server: ServerProcess, client: Client, oip: GrpcClient
) -> None:
    first = client.analyze(PHOTO).detector_version
    oip.call("RepositoryModelLoad", pb.RepositoryModelLoadRequest(model_name="other-detector"))
    assert oip.call("ModelReady", pb.ModelReadyRequest(name="other-detector")).ready
    metadata = oip.call("ModelMetadata", pb.ModelMetadataRequest(name="detect"))
    default, version = metadata.versions
    assert oip.call("ModelReady", pb.ModelReadyRequest(name="detect", version=version)).ready
    photo = as_bytes("image", [PHOTO.read_bytes()])
    for asked, answered in (("", first), (default, first), (version, version)):
        response = oip.call("ModelInfer", raw_request("detect", photo, asked))
        assert response.model_version == (asked or "1")
        assert response.parameters["model_version"].string_param == answered
    assert ("detector", version, "READY", "") in index(oip)
    with httpx.Client(base_url=server.http_url, timeout=300) as http:
        assert http.get(f"/v2/models/detector/versions/{version}/ready").status_code == 200
        (stats,) = http.get(f"/v2/models/detector/versions/{version}/stats").json()["model_stats"]
        assert (stats["version"], stats["inference_count"]) == (version, 1)
        unload = "/v2/repository/models/other-detector/unload"
        assert http.post(unload, json={"parameters": {"unload_dependents": False}}).status_code == 200
        assert http.post(unload).status_code == 404
        assert http.post(f"/v2/repository/models/{first}/unload").status_code == 400
        assert http.get(f"/v2/models/detector/versions/{version}/ready").status_code == 503
    assert ("other-detector", version, "UNAVAILABLE", "unloaded") in index(oip)
    with pytest.raises(grpc.RpcError) as error:
        oip.call("ModelInfer", raw_request("detect", photo, version))
    assert error.value.code() is grpc.StatusCode.NOT_FOUND
    kinds = [event.kind for event in client.list_model_events(page_size=2).items]
    assert kinds == [ModelEventKind.UNLOADED, ModelEventKind.LOADED]


def index(oip: GrpcClient) -> list[tuple[str, str, str, str]]:
    found = oip.call("RepositoryIndex", pb.RepositoryIndexRequest()).models
    return [(entry.name, entry.version, entry.state, entry.reason) for entry in found]


@pytest.mark.parametrize("reference", ["no-such-model", "../artifacts/demo-detector", "/etc", ""])
def test_only_models_of_the_store_are_loaded(client: Client, reference: str) -> None:
    error = armoire.NotFound if reference else armoire.InvalidInput
    with pytest.raises(error):
        client.load_model(reference)


def test_the_served_model_is_neither_unloaded_nor_left_without_a_name(client: Client) -> None:
    version = client.analyze(PHOTO).detector_version
    with pytest.raises(armoire.FailedPrecondition) as refused:
        client.unload_model(version)
    assert refused.value.reason == "MODEL_IN_USE"
    with pytest.raises(armoire.FailedPrecondition, match="default"):
        client.delete_model_alias("default", ModelTask.DETECT)
    with pytest.raises(armoire.NotFound, match="canary"):
        client.delete_model_alias("canary", ModelTask.DETECT)


def test_a_model_that_is_not_loaded_answers_nobody(client: Client) -> None:
    with pytest.raises(armoire.FailedPrecondition) as refused:
        client.analyze(PHOTO, detector_version="no-such-version")
    assert refused.value.reason == "MODEL_VERSION_MISMATCH"


@pytest.mark.parametrize(("page_size", "token"), [(-1, ""), (1001, ""), (0, "x")])
def test_a_bad_page_is_refused(client: Client, page_size: int, token: str) -> None:
    with pytest.raises(armoire.InvalidInput, match="page"):
        client.list_model_events(page_size=page_size, page_token=token)


def test_a_model_that_does_not_fit_is_refused_with_the_figures(tmp_path: Path) -> None:
    second_version(EMBEDDER, tmp_path / "models" / "other-embedder")
    environment = {"ARMOIRE_MODELS__FOLDER": str(tmp_path / "models"), "ARMOIRE_MODELS__MAX_MEMORY_MB": "80"}
    with (
        ServerProcess(tmp_path / "home", "services.app:Inference", environment) as server,
        Client(server.address) as client,
    ):
        with pytest.raises(armoire.FailedPrecondition, match=r"needs up to \d+ MB .* are free") as refused:
            client.load_model("other-embedder")
        assert refused.value.reason == "MODEL_DOES_NOT_FIT"
        assert client.list_model_events(page_size=1).items[0].kind is ModelEventKind.LOAD_FAILED
