"""An inference service with the demo models, and second versions of them in its store."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.model_pair import ROOT
from domain.errors import NotFound
from domain.taxonomy import Taxonomy
from models.artifact import Artifact
from services.inference.options import InferenceOptions
from services.inference.repository.model_store import StoredModel
from services.inference.service import InferenceService

DETECTOR, EMBEDDER = ROOT / "artifacts/demo-detector", ROOT / "artifacts/demo-embedder"
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")


@dataclass(frozen=True)
class FolderStore:
    """A `ModelStore` of the folders below one folder."""

    root: Path

    def folder(self, reference: str) -> Path:
        if not (self.root / reference).is_dir():
            raise NotFound("model", reference)
        return self.root / reference

    def list(self) -> Sequence[StoredModel]:
        return [StoredModel(folder.name, folder) for folder in sorted(self.root.iterdir())]


def second_version(source: Path, folder: Path) -> Path:
    """A copy of an artifact under the name of its folder, which gives it a version of its own."""
    shutil.copytree(source, folder)
    document = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(document | {"name": folder.name}))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    root = tmp_path / "store"
    root.mkdir()
    second_version(DETECTOR, root / "other-detector")
    second_version(EMBEDDER, root / "other-embedder")
    return FolderStore(root)


@pytest.fixture
def options(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> InferenceOptions:
    return InferenceOptions(
        DETECTOR,
        EMBEDDER,
        cache_folder=tmp_path_factory.getbasetemp() / "repository-cache",  # optimized once for all tests
        journal_folder=tmp_path / "models",
        configured={"detect": "first detector", "embed": "first embedder"},
    )


@pytest.fixture
async def inference(options: InferenceOptions, store: FolderStore) -> AsyncIterator[InferenceService]:
    service = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    yield service
    await service.close()


def version_of(folder: Path) -> str:
    return Artifact.load(folder).version.model_version
