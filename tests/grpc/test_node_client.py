"""A client in another language, made with the protos alone, against a running server."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

CLIENT = Path(__file__).parent / "node" / "client.mjs"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A dress-like shape, 240 x 320 pixels."""
    picture = Image.new("RGB", (240, 320), "white")
    shape = [(90, 40), (150, 40), (160, 140), (200, 290), (40, 290), (80, 140)]
    ImageDraw.Draw(picture).polygon(shape, fill=(170, 20, 40))
    path = tmp_path / "dress.jpg"
    picture.save(path, quality=90)
    return path


def run_node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the client; skips where there is no node or its packages are not installed."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, which is not on the PATH")
    done = subprocess.run(
        [node, CLIENT, *arguments], capture_output=True, text=True, timeout=300, check=False
    )
    if "ERR_MODULE_NOT_FOUND" in done.stderr:
        pytest.skip("needs @grpc/grpc-js and @grpc/proto-loader: npm ci")
    return done


@pytest.fixture
def answer(server_address: str, photo: Path) -> dict[str, Any]:
    done = run_node(server_address, str(photo), "red dress")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_node_lists_analyzes_and_searches(answer: dict[str, Any]) -> None:
    assert {
        "armoire.v1.InferenceService",
        "armoire.v1.CatalogService",
        "grpc.health.v1.Health",
    } <= set(answer["services"])

    analysis = answer["analysis"]["analysis"]
    assert answer["analysis"]["outcome"] == "analysis"
    assert (analysis["image_width"], analysis["image_height"]) == (240, 320)
    assert analysis["embedder_version"]
    accepted = [item for item in analysis["items"] if item["accepted"]]
    assert accepted
    assert {"category", "color", "pattern", "style"} <= set(accepted[0]["attributes"])

    (query,) = answer["search"]["queries"]
    assert len(query["hits"]) <= 5
    assert answer["search"]["model_version"] == analysis["embedder_version"]


def test_node_is_told_what_is_wrong(server_address: str, tmp_path: Path) -> None:
    done = run_node(server_address, str(tmp_path / "gone.jpg"), "red dress")
    assert done.returncode == 1
    assert "ENOENT" in done.stderr
