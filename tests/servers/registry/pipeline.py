"""The pipeline on a clean clone: `dvc repro` and `dvc push`, then `dvc pull` on another clone."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import yaml

from demo.server import ROOT
from models.manifest import file_sha256
from tests.servers.registry.site import DVC, RegistrySite
from tests.servers.registry.training import say
from tests.servers.stores.seaweed import BUCKET, environment_of

FOLDER = "training/pipeline"
PARAMS = {"pictures": {"per_label": 12, "side_px": 96}, "classifier": {"epochs": 1}}
"""Over those of the pipeline, so that it takes less long."""


def check_pipeline(site: RegistrySite) -> None:
    first, second = site.folder / "first", site.folder / "second"
    _clone(ROOT, first, site)
    _shrink(first / FOLDER / "params.yaml")
    _dvc(site, first, "repro", f"{FOLDER}/dvc.yaml")
    _git(first, "add", "--all", ".")
    _git(first, "commit", "--quiet", "--message", "A run of the pipeline")
    _dvc(site, first, "push", "--all-commits")
    _clone(first, second, site)
    assert not (second / FOLDER / "artifact").exists()
    _dvc(site, second, "pull")
    made, pulled = _files(first), _files(second)
    assert made == pulled, set(made.items()) ^ set(pulled.items())
    again = _dvc(site, second, "repro", f"{FOLDER}/dvc.yaml")
    assert "up to date" in again, again
    assert _files(second) == made
    say(f"{len(made)} files are the same in the clone that pulled them, where nothing is left to run")


def _clone(source: Path, folder: Path, site: RegistrySite) -> None:
    """A clone with the environments of this one, whose files of DVC are in the bucket."""
    subprocess.run(["git", "clone", "--quiet", source, folder], check=True)
    for name in (".venv", ".venv-pipeline"):
        (folder / name).symlink_to(ROOT / name)
    endpoint = environment_of(site.s3_port)["AWS_ENDPOINT"]
    _dvc(site, folder, "remote", "add", "--local", "--default", "store", f"s3://{BUCKET}/dvc")
    _dvc(site, folder, "remote", "modify", "--local", "store", "endpointurl", endpoint)


def _shrink(path: Path) -> None:
    params = yaml.safe_load(path.read_text())
    for section, values in PARAMS.items():
        params[section] |= values
    path.write_text(yaml.safe_dump(params))


def _dvc(site: RegistrySite, folder: Path, *command: str) -> str:
    """What a command of DVC printed, in a clone. Raises AssertionError if it failed."""
    started_s = time.monotonic()
    environment = {
        **site.environment,
        **environment_of(site.s3_port),
        "AWS_DEFAULT_REGION": "us-east-1",
        "DVC_NO_ANALYTICS": "true",
        "PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'clients/python/src'}",
    }
    done = subprocess.run(
        [DVC, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"dvc {' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    if command[0] != "remote":
        say(f"dvc {command[0]}: {time.monotonic() - started_s:.0f} s")
    return done.stdout


def _git(folder: Path, *command: str) -> None:
    author = ("-c", "user.name=Armoire", "-c", "user.email=armoire@localhost", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *author, *command], check=True)


def _files(clone: Path) -> dict[str, str]:
    """The sha256 of all that the pipeline makes, by path."""
    made = [clone / FOLDER / name for name in ("artifact", "data", "runs", "evaluation")]
    files = [path for folder in made for path in folder.rglob("*") if path.is_file()]
    assert files, f"the pipeline has made nothing in {clone}"
    return {str(path.relative_to(clone)): file_sha256(path) for path in files if path.name != ".gitignore"}
