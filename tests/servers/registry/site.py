"""An MLflow server with its files in an S3 server, both of the test's own, on the loopback interface."""

from __future__ import annotations

import os
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.store import S3Store

from demo.server import ROOT, free_port
from export.registry.registry import URI_VARIABLE
from tests.servers.stores.process import StoreProcess
from tests.servers.stores.seaweed import BUCKET, KEY_ID, SECRET, environment_of, s3_server

MLFLOW, WEED = ROOT / ".venv-mlflow/bin/mlflow", ROOT / ".venv-stores/bin/weed"
DVC = ROOT / ".venv-pipeline/bin/dvc"
PREFIX = "mlflow"


@dataclass(frozen=True, slots=True)
class RegistrySite:
    """The servers' addresses, and an empty folder."""

    uri: str
    s3_port: int
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Of commands that reach MLflow alone: they have no keys of the bucket."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            URI_VARIABLE: self.uri,
            "AWS_EC2_METADATA_DISABLED": "true",
            "ARMOIRE_HOME": str(self.folder / "home"),
            "BENTOML_HOME": str(self.folder / "bentoml"),
        }

    def kept_files(self) -> list[str]:
        """The names of what MLflow has in the bucket."""
        store = S3Store(
            BUCKET,
            endpoint=f"http://127.0.0.1:{self.s3_port}",
            access_key_id=KEY_ID,
            secret_access_key=SECRET,
            region="us-east-1",
            client_options={"allow_http": True},
        )
        return [entry["path"] for page in obstore.list(store, PREFIX) for entry in page]


def missing(*programs: Path) -> str:
    """What is not installed of the servers and these, "" if nothing is."""
    absent = [str(program) for program in (MLFLOW, WEED, *programs) if not program.is_file()]
    return f"there is no {' and no '.join(absent)}: make test-registry" if absent else ""


@contextmanager
def registry_site() -> Iterator[RegistrySite]:
    """Servers that run. Raises StoreFailed."""
    with tempfile.TemporaryDirectory(prefix="armoire-registry-", ignore_cleanup_errors=True) as root:
        folder, s3_port, port = Path(root), free_port(), free_port()
        for name in ("s3", "mlflow"):
            (folder / name).mkdir()
        s3, mlflow = s3_server(WEED, folder / "s3", s3_port), _mlflow_server(folder / "mlflow", port, s3_port)
        try:
            s3.start()
            mlflow.start()
            yield RegistrySite(f"http://127.0.0.1:{port}", s3_port, folder)
        finally:
            mlflow.kill()
            s3.kill()


def _mlflow_server(folder: Path, port: int, s3_port: int) -> StoreProcess:
    """It passes artifacts on, so it alone has the keys of the bucket."""
    command = [
        *(MLFLOW, "server", "--host=127.0.0.1", f"--port={port}", "--workers=1"),
        f"--backend-store-uri=sqlite:///{folder}/mlflow.db",
        *("--serve-artifacts", f"--artifacts-destination=s3://{BUCKET}/{PREFIX}"),
    ]
    keys = environment_of(s3_port)
    own = {
        "PATH": f"{MLFLOW.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": "",
        "AWS_DEFAULT_REGION": keys["AWS_REGION"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "MLFLOW_S3_ENDPOINT_URL": keys["AWS_ENDPOINT"],
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    environment = {**os.environ, **keys, **own}
    return StoreProcess("mlflow", command, folder, lambda: _answers(port), environment)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False
