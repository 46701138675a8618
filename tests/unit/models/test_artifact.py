from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.fact_cache import FactCache

Document = dict[str, Any]


def edit(folder: Path, change: Callable[[Document], Any]) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_loads_what_matches(embedder_folder: Path) -> None:
    artifact = Artifact.load(embedder_folder)
    assert artifact.graph("image") == embedder_folder / "image.onnx"
    assert artifact.golden("text").inputs.shape == (2, 4)
    assert artifact.golden_texts() == ["red dress", "blue shirt"]


@pytest.mark.parametrize("name", ["detector.onnx", "golden.npz"])
def test_refuses_a_changed_file(detector_folder: Path, name: str) -> None:
    with (detector_folder / name).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ArtifactError, match=f"{name} has changed"):
        Artifact.load(detector_folder)


def test_a_file_known_from_an_earlier_start_is_not_read(
    detector_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, now = FactCache(tmp_path / "facts"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60)
    Artifact.load(detector_folder, facts)
    monkeypatch.setattr("models.fact_cache.file_sha256", lambda path: pytest.fail(f"{path} was read"))
    Artifact.load(detector_folder, facts)


def test_a_changed_file_is_refused_whatever_is_known(detector_folder: Path, tmp_path: Path) -> None:
    facts = FactCache(tmp_path / "facts")
    Artifact.load(detector_folder, facts)
    with (detector_folder / "detector.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ArtifactError, match=r"detector\.onnx has changed"):
        Artifact.load(detector_folder, facts)


def test_a_sound_file_is_accepted_whatever_is_known(
    detector_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, now = FactCache(tmp_path / "facts"), time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60)
    Artifact.load(detector_folder, facts)
    for path in (tmp_path / "facts").iterdir():
        path.write_text("0" * 64)
    Artifact.load(detector_folder, facts)
    monkeypatch.setattr("models.fact_cache.file_sha256", lambda path: pytest.fail(f"{path} was read again"))
    Artifact.load(detector_folder, facts)


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json", "golden.npz"])
def test_refuses_a_missing_file(embedder_folder: Path, name: str) -> None:
    (embedder_folder / name).unlink()
    with pytest.raises(ArtifactError, match=f"{name} is missing"):
        Artifact.load(embedder_folder)


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json", "golden.npz"])
def test_refuses_a_manifest_that_does_not_list_a_file(embedder_folder: Path, name: str) -> None:
    edit(embedder_folder, lambda document: document["files"].pop(name))
    with pytest.raises(ArtifactError, match=f"{name} is not listed"):
        Artifact.load(embedder_folder)


@pytest.mark.parametrize("name", ["pictures", "cosine", "mismatches"])
def test_refuses_a_removed_figure(detector_folder: Path, name: str) -> None:
    edit(detector_folder, lambda document: document["parity"].pop(name))
    with pytest.raises(ArtifactError, match=f"{name} is missing"):
        Artifact.load(detector_folder)


@pytest.mark.parametrize(
    ("name", "value", "bound"),
    [
        ("pictures", 7.0, ">= 8"),
        ("cosine", 0.99899, r">= 0\.999 and <= 1\.001"),
        ("cosine", 1.0011, r">= 0\.999 and <= 1\.001"),
        ("mismatches", 1e-6, "<= 0"),
    ],
)
def test_refuses_a_figure_that_does_not_hold(
    embedder_folder: Path, name: str, value: float, bound: str
) -> None:
    edit(embedder_folder, lambda document: document["parity"].update({name: value}))
    with pytest.raises(ArtifactError, match=f"{name} is .*, must be {bound}"):
        Artifact.load(embedder_folder)


def test_refuses_a_figure_without_a_bound(embedder_folder: Path) -> None:
    edit(embedder_folder, lambda document: document["parity"].update(surprise=1.0))
    with pytest.raises(ArtifactError, match="surprise has no bound"):
        Artifact.load(embedder_folder)


def test_figures_of_artifacts_that_record_no_bounds_need_only_be_there(embedder_folder: Path) -> None:
    edit(embedder_folder, lambda document: document.pop("bounds"))
    assert Artifact.load(embedder_folder).manifest.bounds == {}
    edit(embedder_folder, lambda document: document.update(parity={}))
    with pytest.raises(ArtifactError, match="no parity figures"):
        Artifact.load(embedder_folder)


def test_refuses_a_figure_that_is_not_a_number(embedder_folder: Path) -> None:
    edit(embedder_folder, lambda document: document["parity"].update(cosine=float("nan")))
    with pytest.raises(ArtifactError, match="cosine is nan"):
        Artifact.load(embedder_folder)


@pytest.mark.parametrize("place", [(), ("image",), ("bounds", "cosine")])
def test_refuses_an_unknown_key(detector_folder: Path, place: tuple[str, ...]) -> None:
    def add(document: Document) -> None:
        for key in place:
            document = document[key]
        document["surprise"] = 1.0

    edit(detector_folder, add)
    with pytest.raises(ArtifactError, match="surprise"):
        Artifact.load(detector_folder)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda document: document.pop("license"), "license"),
        (lambda document: document.update(opset="17"), "opset"),
        (lambda document: document.update(task="segment"), "task"),
        (lambda document: document.update(schema=2), "schema"),
        (lambda document: document.update(head=None), "head"),
        (lambda document: document.update(labels=[]), "labels"),
        (lambda document: document.update(ignored_labels=["sofa"]), "ignores 'sofa'"),
        (lambda document: document.update(ignored_labels=document["labels"]), "labels"),
        (lambda document: document["files"].update({"../escape": "0"}), "plain file name"),
    ],
)
def test_refuses_a_manifest_that_is_wrong(
    detector_folder: Path, change: Callable[[Document], Any], complaint: str
) -> None:
    edit(detector_folder, change)
    with pytest.raises(ArtifactError, match=complaint):
        Artifact.load(detector_folder)


@pytest.mark.parametrize("key", ["text", "embedding_width", "logit_scale"])
def test_refuses_an_embedder_without_its_text_side(embedder_folder: Path, key: str) -> None:
    edit(embedder_folder, lambda document: document.pop(key))
    with pytest.raises(ArtifactError, match=key):
        Artifact.load(embedder_folder)


def test_refuses_a_folder_without_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"is .* a model artifact"):
        Artifact.load(tmp_path)


def test_refuses_a_manifest_that_is_not_json(detector_folder: Path) -> None:
    (detector_folder / "manifest.json").write_text("{")
    with pytest.raises(ArtifactError, match="JSON"):
        Artifact.load(detector_folder)


def test_has_only_the_graphs_it_lists(detector_artifact: Artifact) -> None:
    with pytest.raises(ArtifactError, match="no graph 'image'"):
        detector_artifact.graph("image")
    with pytest.raises(ArtifactError, match="has no image_inputs"):
        detector_artifact.golden("image")
