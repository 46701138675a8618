"""What a start does again, and what it remembers of the ones before, with the demo models."""

from __future__ import annotations

import dataclasses
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from domain.taxonomy import Taxonomy
from models.detector import Detector
from models.manifest import file_sha256
from services.inference.options import InferenceOptions
from services.inference.service import InferenceService

ROOT = Path(__file__).parents[4]


async def start(options: InferenceOptions) -> None:
    inference = await InferenceService.load(
        options, Taxonomy.load(ROOT / "domain/taxonomy.toml"), lambda *_: None
    )
    await inference.close()


def warnings(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.levelno >= logging.WARNING]


def golden_lines(log: pytest.LogCaptureFixture) -> list[str]:
    lines = [line.partition(" golden")[0] for line in log.messages if "golden outputs hold" in line]
    log.clear()
    return lines


@pytest.mark.parametrize(("option", "needed"), [("detector", "detect"), ("embedder", "embed")])
async def test_a_classifier_is_neither_detector_nor_embedder(
    options: InferenceOptions, tmp_path: Path, option: str, needed: str
) -> None:
    folder = tmp_path / "classifier"
    shutil.copytree(options.detector, folder)
    (folder / "detector.onnx").rename(folder / "classifier.onnx")
    document = json.loads((folder / "manifest.json").read_text())
    document["files"]["classifier.onnx"] = document["files"].pop("detector.onnx")
    document["image"]["resize_mode"] = "shortest"
    (folder / "manifest.json").write_text(json.dumps(document | {"task": "classify", "bounds": {}}))
    with pytest.raises(ArtifactError, match=f"holds a model for 'classify'; one for '{needed}' is needed"):
        await start(dataclasses.replace(options, **{option: folder}))


async def test_all_golden_outputs_are_compared_once_and_the_first_at_every_start(
    options: InferenceOptions, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    await start(options)
    assert golden_lines(caplog) == ["all"] * 3
    await start(options)
    assert golden_lines(caplog) == ["the first"] * 3
    manifest = options.detector / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"demo-detector"', '"another"'))
    await start(options)
    assert sorted(golden_lines(caplog)) == ["all", "the first", "the first"]


def optimized_file(options: InferenceOptions, name: str) -> Path:
    """Of the image encoder."""
    assert options.cache_folder is not None
    (path,) = options.cache_folder.glob(f"graphs/image-*/{name}")
    return path


def with_negative_half(content: bytes) -> bytes:
    floats = np.frombuffer(content, np.float32).copy()
    floats[len(floats) // 2 :] *= -1
    return floats.tobytes()


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("graph.weights", with_negative_half),
        ("graph.weights", lambda content: content[: len(content) // 2]),
        ("graph.onnx", lambda _: b""),
    ],
)
async def test_a_damaged_optimized_graph_is_made_anew(
    options: InferenceOptions,
    caplog: pytest.LogCaptureFixture,
    name: str,
    damage: Callable[[bytes], bytes],
) -> None:
    await start(options)
    path = optimized_file(options, name)
    damaged = damage(path.read_bytes())
    path.unlink()  # what is open stays as it was
    path.write_bytes(damaged)
    caplog.clear()
    await start(options)
    assert len(warnings(caplog)) == 1
    assert optimized_file(options, name).read_bytes() != damaged
    await start(options)
    assert len(warnings(caplog)) == 1


async def test_a_graph_that_cannot_be_optimized_well_is_used_as_it_is(
    options: InferenceOptions, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start(options)
    optimized_file(options, "graph.onnx").write_bytes(b"")
    monkeypatch.setattr(
        "services.inference.loaded_models.discard", lambda *_: None
    )  # a disk that cannot be written
    caplog.clear()
    await start(options)
    assert len(warnings(caplog)) == 2


async def test_a_cache_that_cannot_be_written_is_told_once_of_each_graph(
    options: InferenceOptions, caplog: pytest.LogCaptureFixture
) -> None:
    assert options.cache_folder is not None
    options.cache_folder.write_text("a file is in the way")
    await start(options)
    told = warnings(caplog)
    assert len([line for line in told if "could not be optimized" in line]) == 3
    assert len([line for line in told if "could not be kept" in line]) == 1
    assert len(told) == 4


async def test_a_model_that_answers_otherwise_is_refused(options: InferenceOptions) -> None:
    await start(options)
    turned = dict(np.load(options.embedder / "golden.npz"))
    turned["image_outputs"] = -turned["image_outputs"]
    np.savez(options.embedder / "golden.npz", **turned)
    manifest = options.embedder / "manifest.json"
    document = json.loads(manifest.read_text())
    document["files"]["golden.npz"] = file_sha256(options.embedder / "golden.npz")
    manifest.write_text(json.dumps(document))
    with pytest.raises(ArtifactError, match="golden embeddings differ"):
        await start(options)


def spoil_facts(folder: Path, text: str) -> None:
    for path in (folder / "facts").iterdir():
        path.write_text(text)


@pytest.mark.parametrize("text", ["", "\0\0\0\0"])
async def test_emptied_facts_are_not_believed(
    options: InferenceOptions, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    await start(options)
    assert options.cache_folder is not None
    spoil_facts(options.cache_folder, text)
    caplog.clear()
    await start(options)
    assert golden_lines(caplog) == ["all"] * 3
    await start(options)
    assert golden_lines(caplog) == ["the first"] * 3


async def test_all_golden_outputs_decide_where_the_first_does_not_hold(
    options: InferenceOptions, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    await start(options)
    caplog.clear()
    check = Detector.check

    def check_many(detector: Detector, rows: int | None = None) -> float:
        if rows == 1:
            raise ArtifactError("one row is too few")
        return check(detector, rows)

    monkeypatch.setattr(Detector, "check", check_many)
    await start(options)
    assert warnings(caplog) == []
    assert sorted(golden_lines(caplog)) == ["all", "the first", "the first"]
