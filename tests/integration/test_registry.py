"""A running server serves what an alias of the registry points to."""

from __future__ import annotations

from pathlib import Path

import pytest

from armoire import Client
from demo.server import ROOT, ServerProcess
from export.registry.artifact_facts import facts_of
from export.registry.follower import Follower, State
from export.registry.reference import RegistryReference
from export.registry.registry import ModelRegistry
from tests.unit.services.inference.repository.conftest import DETECTOR, second_version

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # MLflow's tables
PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0]
PRODUCTION = RegistryReference("garments", "production")


def test_a_server_follows_an_alias_and_refuses_what_does_not_hold(tmp_path: Path) -> None:
    other, models = tmp_path / "other", tmp_path / "models"
    second_version(DETECTOR, other)
    models.mkdir()
    registry = ModelRegistry.at("", tmp_path)
    first = registry.register(DETECTOR, "garments", facts_of(DETECTOR))
    second = registry.register(other, "garments", facts_of(other))
    expected = {
        each.version: facts_of(folder).tags["model_version"]
        for each, folder in ((first, DETECTOR), (second, other))
    }
    environment = {"ARMOIRE_MODELS__FOLDER": str(models)}
    with (
        ServerProcess(tmp_path / "home", "services.app:Inference", environment) as server,
        Client(server.address) as client,
    ):
        follower = Follower(registry, client, models)
        for version in (second, first, second):
            registry.set_alias(version, "production")
            assert follower.look(PRODUCTION).state is State.SWITCHED
            assert client.analyze(PHOTO).detector_version == expected[version.version]
        damaged = tmp_path / "damaged"
        second_version(DETECTOR, damaged)
        third = registry.register(damaged, "garments", facts_of(damaged))
        graph = registry.download(third, models / "garments-v3") / "detector.onnx"
        graph.write_bytes(graph.read_bytes()[:-1])
        registry.set_alias(third, "production")
        outcome = follower.look(PRODUCTION)
        assert outcome.state is State.REFUSED, outcome
        assert client.analyze(PHOTO).detector_version == expected[second.version]
        served = [event.version for event in client.list_model_events().items]
    assert served.count(expected[second.version]) >= 3
