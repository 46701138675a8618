"""The Bento that bentofile.yaml describes has what a server needs, and nothing that lies about."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from demo.server import ROOT

FOLDERS = {"artifacts", "clients", "domain", "imaging", "models", "services", "web"}
FILES = {"LICENSE", "NOTICE", "bentofile.yaml", "settings.py"}
IMPORT = """
import armoire, services.app, services.host.composition, services.host.inference_part, services.edge.server
print(armoire.__file__, services.app.__file__, sep="\\n")
"""


@pytest.fixture(scope="module")
def bento(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Bento of a copy of the sources, with a home and an environment among them."""
    place = tmp_path_factory.mktemp("bento")
    sources = place / "sources"
    shutil.copytree(ROOT, sources, ignore=_what_is_no_source)
    for stray in (".armoire/bentoml/models/x.onnx", "runs/models/x.pt", "services/__pycache__/x.pyc"):
        (sources / stray).parent.mkdir(parents=True, exist_ok=True)
        (sources / stray).write_text("stray")
    # BentoML wants uv, installs it where it is absent, and calls it only to lock, which is switched off.
    (place / "bin").mkdir()
    uv = place / "bin" / "uv"
    uv.write_text("#!/bin/sh\necho 'uv was called' >&2\nexit 1\n")
    uv.chmod(0o755)
    environment = {
        **os.environ,
        "BENTOML_HOME": str(place / "home"),
        "PATH": f"{uv.parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [sys.executable, "-m", "bentoml", "build", "--output", "tag"]
    built = subprocess.run(
        command, cwd=sources, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert built.returncode == 0, built.stderr
    name, version = built.stdout.strip().splitlines()[-1].removeprefix("__tag__:").split(":")
    return place / "home/bentos" / name / version


def _what_is_no_source(folder: str, names: list[str]) -> set[str]:
    """What is large and lies beside the sources."""
    if Path(folder) != ROOT:
        return set()
    return {name for name in names if name.startswith((".git", ".venv", ".armoire", ".docker"))} | {
        "node_modules"
    }


def test_it_has_the_server_the_demo_models_and_the_client(bento: Path) -> None:
    files = {path.relative_to(bento / "src") for path in (bento / "src").rglob("*") if path.is_file()}
    assert {path.parts[0] for path in files if len(path.parts) > 1} == FOLDERS
    assert {str(path) for path in files if len(path.parts) == 1} == FILES
    assert Path("clients/python/src/armoire/v1/inference_pb2.py") in files
    assert Path("services/catalog/web/__init__.py") in files
    assert {path.relative_to(ROOT) for path in (ROOT / "web").rglob("*") if path.is_file()} <= files
    assert not [
        path for path in files if {"__pycache__", ".armoire"} & set(path.parts) or path.suffix == ".pyc"
    ]
    assert sum((bento / "src" / path).stat().st_size for path in files) < 60_000_000


def test_it_lists_what_is_locked(bento: Path) -> None:
    requirements = (bento / "env/python/requirements.txt").read_text()
    assert "onnxruntime==" in requirements
    assert "milvus-lite==" in requirements
    assert requirements.count("--hash=sha256:") > 500
    assert "torch" not in requirements


def test_its_image_listens_for_callers(bento: Path) -> None:
    dockerfile = (bento / "env/docker/Dockerfile").read_text()
    assert "ARG ARMOIRE_GRPC__HOST=0.0.0.0" in dockerfile
    assert "ARG BENTOML_HOST=0.0.0.0" in dockerfile


def test_its_code_needs_no_installed_client(bento: Path, tmp_path: Path) -> None:
    """The packages are those installed here but the client, which `site` would add as well."""
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "armoire" not in path.name:
            (tmp_path / path.name).symlink_to(path)
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "BENTOML_HOME": str(bento.parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import services.app\n" + IMPORT],
        cwd=bento / "src",
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert all(Path(line).is_relative_to((bento / "src").resolve()) for line in done.stdout.splitlines())
