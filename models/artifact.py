"""A model as it lies on disk: graphs, manifest, golden inputs and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from domain.errors import ArtifactError
from domain.types import ModelVersion
from models.fact_cache import FactCache, known_sha256, read_sha256
from models.golden import Golden
from models.manifest import FILE_NAME, GOLDEN_NAME, PROBES_NAME, TOKENIZER_NAME, Manifest
from models.probes import Probe, read_probes


@dataclass(frozen=True, slots=True)
class Artifact:
    """A folder whose files match its manifest; made by `Artifact.load`."""

    folder: Path
    manifest: Manifest
    version: ModelVersion = field(init=False)
    """The manifest's, worked out once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", self.manifest.version)

    @classmethod
    def load(cls, folder: Path, facts: FactCache = FactCache()) -> Artifact:
        """Read and check a folder; `facts` spares reading files that have not changed since.

        Raises:
            ArtifactError: a file is missing or changed, or a parity figure is missing or does not hold.
        """
        manifest = _read_manifest(folder)
        manifest.check()
        for name, sha256 in manifest.files.items():
            _check_file(folder / name, sha256, facts)
        return cls(folder, manifest)

    @property
    def tokenizer(self) -> Path:
        return self.folder / TOKENIZER_NAME

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Of an embedder; () where it has none. Raises ArtifactError where they are for other embeddings."""
        if PROBES_NAME not in self.manifest.files:
            return ()
        return read_probes(self.folder / PROBES_NAME, self.manifest.embedding_width)

    def graph(self, name: str) -> Path:
        """Path of the graph "detector", "segmenter", "image", "text" or "classifier"."""
        path = self.folder / f"{name}.onnx"
        if path.name not in self.manifest.files:
            raise ArtifactError(f"model {self.manifest.name!r} has no graph {name!r}")
        return path

    def golden(self, name: str) -> Golden:
        """What a graph was fed and answered when it was exported."""
        return Golden(
            self._golden_array(f"{name}_inputs"),
            self._golden_array(f"{name}_outputs"),
            self.manifest.tolerance,
        )

    def golden_texts(self) -> list[str]:
        """What the text graph's golden inputs say."""
        texts: list[str] = self._golden_array("texts").tolist()
        return texts

    def _golden_array(self, name: str) -> npt.NDArray[Any]:
        try:
            with (self.folder / GOLDEN_NAME).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                array: npt.NDArray[Any] = arrays[name]
                return array
        except (KeyError, ValueError, OSError, BadZipFile) as error:
            raise ArtifactError(f"model {self.manifest.name!r}: {GOLDEN_NAME} has no {name}") from error


def _read_manifest(folder: Path) -> Manifest:
    path = folder / FILE_NAME
    try:
        return Manifest.from_json(path.read_bytes())
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read: is {folder} a model artifact?") from error


def _check_file(path: Path, sha256: str, facts: FactCache) -> None:
    if not path.is_file():
        raise ArtifactError(f"{path} is missing")
    if known_sha256(path, facts) == sha256:
        return
    if (found := read_sha256(path, facts)) != sha256:  # the cache may be damaged
        raise ArtifactError(f"{path} has changed: sha256 is {found[:12]}…, the manifest says {sha256[:12]}…")
