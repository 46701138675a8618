"""The command, as it is run: what it stores, and what it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFIG = {
    "embed_dim": 16,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16},
    "text_cfg": {"context_length": 8, "vocab_size": 600, "width": 64, "heads": 1, "layers": 1},
}
WITHOUT_TORCH = """
import sys
from export.__main__ import main
code = main(sys.argv[1:])
sys.exit(code or sorted({"torch", "ultralytics", "open_clip"} & set(sys.modules)) or 0)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one model, tiny-vit."""
    home = tmp_path_factory.mktemp("home")
    (home / "tiny-vit.json").write_text(json.dumps(CONFIG))
    done = export(
        home,
        "clip",
        "tiny-vit",
        "--config",
        "tiny-vit.json",
        "--name",
        "tiny-vit",
        "--out",
        "out",
        "--license",
        "MIT",
    )
    assert done.returncode == 0, done.stderr
    assert "stored as tiny-vit:" in done.stdout
    return home


def python(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BENTOML_HOME": str(home / "bentoml"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=home, env=environment, text=True, capture_output=True, check=False)


def export(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(home, "-m", "export", *arguments)


def test_store_and_folder_hold_the_same(home: Path) -> None:
    (stored,) = (home / "bentoml" / "models" / "tiny-vit").glob("*/manifest.json")
    assert stored.read_text() == (home / "out" / "manifest.json").read_text()
    assert json.loads(stored.read_text())["license"] == "MIT"


@pytest.mark.parametrize("reference", ["out", "tiny-vit", "tiny-vit:latest"])
def test_verify_needs_no_torch(home: Path, reference: str) -> None:
    done = python(home, "-c", WITHOUT_TORCH, "verify", reference)
    assert done.returncode == 0, done.stderr
    assert "same token ids" in done.stdout


def test_list_names_what_is_there(home: Path) -> None:
    done = export(home, "list")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tiny-vit:")
    assert "width 16" in done.stdout


def test_verify_notices_a_change(home: Path) -> None:
    copy = home / "changed"
    copy.mkdir()
    for path in (home / "out").iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "text.onnx").write_bytes((home / "out" / "text.onnx").read_bytes() + b"\0")
    done = export(home, "verify", "changed")
    assert done.returncode == 2
    assert "text.onnx has changed" in done.stderr


def test_verify_says_what_is_not_there(home: Path) -> None:
    done = export(home, "verify", "nothing:latest")
    assert done.returncode == 2
    assert "neither a folder nor a model of the store" in done.stderr


def test_a_failed_gate_stores_nothing(home: Path) -> None:
    before = export(home, "list").stdout
    done = export(home, "yolo", "yolov8n.yaml", "--name", "untrained", "--imgsz", "64", "--out", "untrained")
    assert done.returncode == 1
    assert "nothing stored: control_score_distance" in done.stderr
    assert export(home, "list").stdout == before
    assert not (home / "untrained").exists()


def export_int8(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    precision = ("--config", "tiny-vit.json", "--precision", "int8", "--name", "tiny-int8")
    return export(home, "clip", "tiny-vit", *precision, *arguments)


def test_a_lower_precision_is_stored_beside_its_speed(home: Path) -> None:
    done = export_int8(home, "--out", "int8")
    assert done.returncode == 0, done.stderr
    assert "image: fp32 " in done.stdout
    assert "reference_image_cosine" in done.stdout
    manifest = json.loads((home / "int8" / "manifest.json").read_text())
    assert manifest["precision"] == "int8"
    assert manifest["tolerance"]["cosine"] < 0.999
    checked = python(home, "-c", WITHOUT_TORCH, "verify", "int8")
    assert checked.returncode == 0, checked.stderr


def test_too_few_labelled_photos_are_refused_before_the_export(home: Path) -> None:
    rows = [f"{path.stem},dress" for path in sorted((ROOT / "samples").glob("*.jpg"))]
    (home / "labels.csv").write_text("\n".join(["image,label", *rows]))
    photos = ("--photos", str(ROOT / "samples"), "--labels", "labels.csv")
    done = export_int8(home, *photos, "--out", "refused")
    assert done.returncode == 2
    assert "--labels names 26 photos that can be used; at least 100 are needed" in done.stderr
    assert done.stdout == ""
    assert not (home / "refused").exists()
