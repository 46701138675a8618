"""What the registry keeps about a model beside its files."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.artifact import Artifact
from models.manifest import FILE_NAME, Manifest, file_sha256

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Facts:
    """Texts to look a version up by, and its measured figures."""

    tags: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)


def facts_of(path: Path) -> Facts:
    """Those of an artifact, whose files are checked, or of a checkpoint, which is a file or a folder.

    Raises:
        ArtifactError: the artifact's manifest, hashes or figures do not hold.
    """
    if (path / FILE_NAME).is_file():
        manifest = Artifact.load(path).manifest
        return Facts(_of_manifest(manifest) | _of_program(), {**manifest.parity})
    return Facts({"kind": "checkpoint", "sha256": _checkpoint_sha256(path)} | _of_program())


def _checkpoint_sha256(path: Path) -> str:
    """Of a checkpoint's file; of a folder, of the names and hashes of its files."""
    if not path.is_dir():
        return file_sha256(path)
    files = sorted(each for each in path.rglob("*") if each.is_file())
    lines = [f"{file_sha256(each)}  {each.relative_to(path).as_posix()}\n" for each in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _of_manifest(manifest: Manifest) -> dict[str, str]:
    version = manifest.version
    return {
        "kind": "artifact",
        "task": manifest.task,
        "model_version": version.model_version,
        "preprocess_version": version.preprocess_version,
        "precision": manifest.precision,
        "license": manifest.license,
        "source": manifest.source,
    }


def _of_program() -> dict[str, str]:
    """The commit of this program, where it is in a repository of Git."""
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {"git_commit": asked.stdout.strip()}
