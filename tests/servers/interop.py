"""Runs the clients of Triton and KServe, and perf_analyzer, against a server of its own: `make interop`.

Then MLServer runs the graphs of a server, see `remote_models`.

They live in an environment of their own, since they need other versions of protobuf and bring messages of the
same names. Exits with 1 if a client gets anything else than the server's own API gives.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from pathlib import Path

import numpy as np

import armoire
from demo.server import ROOT, ServerProcess
from models.artifact import Artifact
from tests.servers import remote_models
from tests.servers.expected import SECOND
from tests.unit.services.inference.repository.conftest import EMBEDDER, second_version

ENVIRONMENT = ROOT / ".venv-interop"
PHOTO = ROOT / "samples/weekend-set.jpg"
TEXT = "a red dress"
SCRIPTS = ("triton_client.py", "kserve_client.py")
PERF_ANALYZER = ENVIRONMENT / "perf_analyzer/tritonclient-2.50.0.data/data/bin/perf_analyzer"
LIBRARIES = ("perf_analyzer/libb64/usr/lib/x86_64-linux-gnu", "perf_analyzer/nvidia/cuda_runtime/lib")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        second_version(EMBEDDER, folder / "models" / SECOND)
        environment = {
            "ARMOIRE_GRPC__SHARED_MEMORY": "true",
            "ARMOIRE_MODELS__FOLDER": str(folder / "models"),
        }
        with ServerProcess(folder / "home", environment=environment) as server:
            write_expected(server, folder)
            addresses = (server.address, f"127.0.0.1:{server.http_port}")
            python = ENVIRONMENT / "bin/python"
            here = Path(__file__).parent
            outcomes = [run([str(python), str(here / script), *addresses, name]) for script in SCRIPTS]
            with armoire.Client(server.address) as client:
                client.load_model(SECOND)  # so that perf_analyzer meets several versions
            outcomes += [run(command) for command in perf_analyzer_commands(*addresses, folder)]
    return int(any(outcomes) or remote_models.main())


def run(command: list[str]) -> int:
    """The exit status; the command is shown without the paths of this machine."""
    sys.stdout.write(f"\n$ {' '.join(Path(word).name if '/' in word else word for word in command)}\n")
    sys.stdout.flush()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["LD_LIBRARY_PATH"] = ":".join(str(ENVIRONMENT / path) for path in LIBRARIES)
    return subprocess.run(command, env=environment, check=False).returncode


def write_expected(server: ServerProcess, folder: Path) -> None:
    """Ask the server's own API, for `expected.Expected`."""
    shutil.copy(PHOTO, folder / "photo.jpg")
    with armoire.Client(server.address) as client:
        detected = client.detect(PHOTO)
        analyzed = client.analyze(PHOTO, include_embeddings=True)
        image = client.embed_image(PHOTO)
        text = client.embed_text(TEXT)
    boxes = [(each.box.x1, each.box.y1, each.box.x2, each.box.y2) for each in detected.detections]
    vectors = [item.embedding.values for item in analyzed.items if item.embedding is not None]
    with np.load(ROOT / "artifacts/demo-embedder/golden.npz") as golden:
        raw = {
            "images_inputs": golden["image_inputs"],
            "images_outputs": golden["image_outputs"],
            "tokens_inputs": golden["text_inputs"],
            "tokens_outputs": golden["text_outputs"],
        }
    np.savez(
        folder / "expected.npz",
        text=np.array(TEXT),
        detector_px=np.array(Artifact.load(ROOT / "artifacts/demo-detector").manifest.image.height),
        boxes=np.array(boxes, np.float32),
        labels=np.array([each.label for each in detected.detections]),
        image=np.array(image.embeddings[0].values, np.float32),
        text_vector=np.array(text.values, np.float32),
        item_vectors=np.array(vectors, np.float32),
        **raw,
    )


def perf_analyzer_commands(grpc_address: str, http_address: str, folder: Path) -> list[list[str]]:
    """Raw tensors over gRPC, a stream of them, some in shared memory, and photos over gRPC and HTTP."""
    photos = folder / "photos.json"
    photo = PHOTO.read_bytes()
    content = b64encode(len(photo).to_bytes(4, "little") + photo).decode()
    photos.write_text(json.dumps({"data": [{"image": {"content": {"b64": content}, "shape": [1]}}]}))
    settings = ["--concurrency-range", "4", "--measurement-interval", "2000", "--stability-percentage", "50"]
    tool = [str(PERF_ANALYZER), *settings]
    over_grpc, over_http = ["-i", "grpc", "-u", grpc_address], ["-i", "http", "-u", http_address]
    return [
        [*tool, "-m", "image_encoder", "-x", "1", *over_grpc],
        [*tool, "-m", "image_encoder", *over_grpc, "--streaming", "--async"],
        [*tool, "-m", "image_encoder", *over_grpc, "--shared-memory", "system"],
        [*tool, "-m", "detect", "--input-data", str(photos), *over_grpc],
        [*tool, "-m", "detect", "--input-data", str(photos), *over_http],
    ]


if __name__ == "__main__":
    sys.exit(main())
