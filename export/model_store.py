"""Where artifacts are kept: BentoML's model store, and folders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from domain.errors import ArtifactError
from export.errors import Unsupported
from models.artifact import Artifact
from models.manifest import FILE_NAME, Manifest


def store(artifact: Artifact) -> str:
    """Copy an artifact into the store; returns its tag."""
    import bentoml

    manifest = artifact.manifest
    labels = {"task": manifest.task, "precision": manifest.precision}
    with bentoml.models.create(manifest.name, labels=labels) as model:
        copy(artifact, Path(model.path))
    return str(model.tag)


def require_replaceable(folder: Path) -> None:
    """Raises Unsupported where `copy` would overwrite something else than an artifact."""
    if folder.exists() and any(folder.iterdir()) and not (folder / FILE_NAME).is_file():
        raise Unsupported(f"{folder} is not empty and holds no artifact: choose another --out")


def copy(artifact: Artifact, folder: Path) -> None:
    """Files first, the manifest last: a half-written folder never loads."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).unlink(missing_ok=True)
    for name in (*artifact.manifest.files, FILE_NAME):
        shutil.copyfile(artifact.folder / name, folder / name)


def find(reference: str) -> Path:
    """The folder of an artifact: `reference` itself, or a tag of the store.

    Raises:
        Unsupported: it is neither.
    """
    if Path(reference).is_dir():
        return Path(reference)
    import bentoml

    try:
        return Path(bentoml.models.get(reference).path)
    except bentoml.exceptions.BentoMLException as error:
        raise Unsupported(f"{reference} is neither a folder nor a model of the store: {error}") from error


def summaries() -> Iterator[str]:
    """A line for each artifact in the store."""
    import bentoml

    for model in bentoml.models.list():
        if (Path(model.path) / FILE_NAME).is_file():
            yield _summary(str(model.tag), Path(model.path))


def _summary(tag: str, folder: Path) -> str:
    try:
        manifest = Artifact.load(folder).manifest
    except ArtifactError as error:
        return f"{tag}  UNUSABLE: {error}"
    size = f"{manifest.image.height}x{manifest.image.width}"
    kind = _kind(manifest)
    version = manifest.version.model_version
    facts = (tag, manifest.task, manifest.precision, size, kind, version, manifest.license, manifest.source)
    return "  ".join(facts)


def _kind(manifest: Manifest) -> str:
    """Such as "11 labels with masks"."""
    if manifest.task == "tag":
        return ", ".join(head.name for head in manifest.heads)
    if manifest.task == "score":
        return f"{len(manifest.slots)} slots, on {manifest.embedder}"
    if manifest.task in ("embed", "compare"):
        return f"width {manifest.embedding_width}"
    masks = " with masks" if manifest.mask_channels > 0 else ""
    return f"{len(manifest.reported_labels)} labels{masks}"
