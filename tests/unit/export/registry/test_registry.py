"""The registry of models, MLflow's own in files."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ArtifactError, InvalidInput, NotFound, Unavailable
from export.registry.artifact_facts import Facts, facts_of
from export.registry.reference import RegistryReference
from export.registry.registry import ModelRegistry
from tests.unit.export.registry.conftest import DETECTOR

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # MLflow's tables


def reference(text: str) -> RegistryReference:
    return RegistryReference.parse(text)


def test_an_artifact_comes_back_as_it_was(registry: ModelRegistry, tmp_path: Path) -> None:
    version = registry.register(DETECTOR, "whole", facts_of(DETECTOR))
    folder = registry.download(version, tmp_path / "fetched")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in DETECTOR.iterdir()
    }
    assert list(tmp_path.iterdir()) == [folder]
    assert version.tags["task"] == "detect"
    assert version.tags["model_version"].startswith("demo-detector-")


def test_an_alias_moves(registry: ModelRegistry, tmp_path: Path) -> None:
    (tmp_path / "one.pt").write_bytes(b"one")
    (tmp_path / "two.pt").write_bytes(b"two")
    first = registry.register(tmp_path / "one.pt", "moving", Facts())
    second = registry.register(tmp_path / "two.pt", "moving", Facts())
    registry.set_alias(first, "production")
    assert registry.resolve(reference("mlflow:moving@production")).version == first.version
    registry.set_alias(second, "production")
    registry.set_alias(second, "candidate")
    found = registry.resolve(reference("mlflow:moving@production"))
    assert (found.version, found.aliases) == (second.version, ("candidate", "production"))
    assert [(each.version, each.aliases) for each in registry.list("moving")] == [
        (second.version, ("candidate", "production")),
        (first.version, ()),
    ]
    assert {each.name for each in registry.list()} >= {"moving"}


def test_a_checkpoint_is_its_file(registry: ModelRegistry, tmp_path: Path) -> None:
    (tmp_path / "detector.pt").write_bytes(b"weights")
    version = registry.register(
        tmp_path / "detector.pt", "weights", facts_of(tmp_path / "detector.pt"), run_id=""
    )
    path = registry.checkpoint(version, tmp_path / "out")
    assert (path.name, path.read_bytes()) == ("detector.pt", b"weights")
    assert version.tags["kind"] == "checkpoint"


def test_a_checkpoint_of_several_files_is_a_folder(registry: ModelRegistry, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"weights")
    facts = facts_of(model)
    path = registry.checkpoint(registry.register(model, "timm", facts), tmp_path / "out")
    assert path == tmp_path / "out"
    assert {each.name: each.read_bytes() for each in path.iterdir()} == {
        "config.json": b"{}",
        "model.safetensors": b"weights",
    }
    (model / "config.json").rename(model / "other.json")
    assert facts_of(model).tags["sha256"] != facts.tags["sha256"]


def test_an_artifact_is_no_checkpoint(registry: ModelRegistry, tmp_path: Path) -> None:
    version = registry.register(DETECTOR, "artifact", facts_of(DETECTOR))
    with pytest.raises(ArtifactError, match="is an artifact already"):
        registry.checkpoint(version, tmp_path / "out")


def test_a_damaged_artifact_is_not_registered(tmp_path: Path) -> None:
    for path in DETECTOR.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "detector.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ArtifactError):
        facts_of(tmp_path)


@pytest.mark.parametrize("text", ["mlflow:nobody@production", "mlflow:known@nobody", "mlflow:known/999"])
def test_what_is_not_there_is_named(registry: ModelRegistry, tmp_path: Path, text: str) -> None:
    (tmp_path / "known.pt").write_bytes(b"weights")
    registry.register(tmp_path / "known.pt", "known", Facts())
    with pytest.raises(NotFound, match=text):
        registry.resolve(reference(text))


def test_a_run_that_is_not_there_is_named(registry: ModelRegistry, tmp_path: Path) -> None:
    (tmp_path / "known.pt").write_bytes(b"weights")
    with pytest.raises(NotFound, match="run 'nobody'"):
        registry.register(tmp_path / "known.pt", "known", Facts({"a": "b"}), run_id="nobody")


def test_names_that_are_no_folders_are_refused(registry: ModelRegistry, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"^name: "):
        registry.register(tmp_path, "../x", Facts())


def test_a_registry_that_does_not_answer_is_named(tmp_path: Path) -> None:
    registry = ModelRegistry.at("http://127.0.0.1:9", tmp_path)
    with pytest.raises(Unavailable, match=r"the registry at http://127\.0\.0\.1:9 does not answer"):
        registry.list()
