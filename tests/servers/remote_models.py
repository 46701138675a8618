"""Compares a server whose graphs MLServer runs with one that runs them itself: `make interop`.

MLServer lives in the environment of the benchmarks, since it needs other versions of libraries. Exits with 1
if an answer differs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
import numpy as np

import armoire
from demo.server import ROOT, ServerProcess, free_port
from models.artifact import Artifact
from services.inference.remote_sessions.contract import GraphContract, TensorContract
from tests.servers.expected import COSINE, passed, same

MLSERVER = ROOT / ".venv-bench/bin/mlserver"
ARTIFACTS: Mapping[str, tuple[str, str]] = {
    "detector": ("demo-detector", "detector"),
    "image_encoder": ("demo-embedder", "image"),
    "text_encoder": ("demo-embedder", "text"),
}
"""The artifact and the graph of each model."""
TEXTS = ("a red dress", "denim jacket", "a pair of white leather shoes with a very long description " * 4)
START_S = 120.0
INFERENCE = "services.app:Inference"


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            mlserver(folder / "models") as address,
            ServerProcess(folder / "local", INFERENCE) as local,
            ServerProcess(folder / "remote", INFERENCE, remotes(address)) as remote,
        ):
            return int(not compared(local.address, remote.address))


def remotes(address: str) -> dict[str, str]:
    return {f"ARMOIRE_MODELS__REMOTE_{name.upper()}": f"grpc://{address}/{name}" for name in ARTIFACTS}


@contextmanager
def mlserver(folder: Path) -> Iterator[str]:
    """MLServer with the demo models; gives the address of its gRPC server."""
    port = free_port()
    write_repository(folder, port)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(MLSERVER), "start", str(folder)], env=environment, stdout=log, stderr=log
        )
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            grpc.channel_ready_future(channel).result(START_S)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_S)


def write_repository(folder: Path, grpc_port: int) -> None:
    folder.mkdir()
    settings = {
        "host": "127.0.0.1",
        "grpc_port": grpc_port,
        "http_port": free_port(),
        "metrics_port": free_port(),
        "parallel_workers": 0,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    for name, (artifact_name, graph) in ARTIFACTS.items():
        artifact = Artifact.load(ROOT / "artifacts" / artifact_name)
        contract = GraphContract.of(graph, artifact)
        document = {
            "name": name,
            "implementation": "mlserver_runtime.OnnxRuntime",
            "parameters": {"uri": str(artifact.graph(graph)), "version": "1"},
            "inputs": [tensor(contract.input)],
            "outputs": [tensor(contract.output)],
        }
        (folder / name).mkdir()
        (folder / name / "model-settings.json").write_text(json.dumps(document))


def tensor(contract: TensorContract) -> dict[str, object]:
    return {
        "name": contract.names[0],
        "datatype": contract.datatype.name,
        "shape": [-1, *contract.dims],
    }


def compared(local: str, remote: str) -> bool:
    """Whether both answer alike for all samples and texts."""
    with armoire.Client(local) as ours, armoire.Client(remote) as theirs:
        lowest, boxes = 1.0, 0
        for photo in sorted((ROOT / "samples").glob("*.jpg")):
            mine, other = (each.analyze(photo, include_embeddings=True) for each in (ours, theirs))
            same(f"boxes of {photo.name}", [i.box for i in other.items], [i.box for i in mine.items])
            same(f"labels of {photo.name}", [i.label for i in other.items], [i.label for i in mine.items])
            pairs = [(one.embedding, two.embedding) for one, two in zip(mine.items, other.items, strict=True)]
            lowest = min(lowest, *(cosine(one.values, two.values) for one, two in pairs if one and two))
            boxes += len(mine.items)
        texts = min(cosine(ours.embed_text(text).values, theirs.embed_text(text).values) for text in TEXTS)
    passed("MLServer, remote", f"{boxes} boxes and labels are equal")
    passed("MLServer, remote", f"cosine of crops {lowest:.7f}, of texts {texts:.7f}")
    return min(lowest, texts) >= COSINE


def cosine(one: object, two: object) -> float:
    """Of unit vectors."""
    return float(np.dot(np.asarray(one, np.float64), np.asarray(two, np.float64)))


if __name__ == "__main__":
    sys.exit(main())
