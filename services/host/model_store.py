"""The models that a server may load: BentoML's model store, a folder, and what the settings name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bentoml

from domain.errors import NotFound
from models.manifest import FILE_NAME
from services.inference.repository.model_store import StoredModel


@dataclass(frozen=True, slots=True)
class BentoModelStore:
    """A `ModelStore`. A reference is a name in `artifacts`, a key of `configured`, or a tag of the store.

    Callers choose references, so no other path of the machine is read.
    """

    artifacts: Path
    configured: Mapping[str, Path]

    def folder(self, reference: str) -> Path:
        """See `ModelStore`."""
        known = self.configured.get(reference)
        if known is not None:
            return known
        if reference in self._names():
            return self.artifacts / reference
        try:
            return Path(bentoml.models.get(reference).path)
        except (bentoml.exceptions.BentoMLException, ValueError) as error:
            hint = "ListModels with include_stored names what can be loaded"
            raise NotFound("model", reference, hint) from error

    def list(self) -> Sequence[StoredModel]:
        """See `ModelStore`."""
        found = [StoredModel(name, self.artifacts / name) for name in sorted(self._names())]
        found += [StoredModel(*entry) for entry in self.configured.items()]
        for model in bentoml.models.list():
            if _is_artifact(folder := Path(model.path)):
                found.append(StoredModel(str(model.tag), folder))
        return list({stored.folder.resolve(): stored for stored in found}.values())

    def _names(self) -> set[str]:
        return set(_artifact_names(self.artifacts))


def _artifact_names(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from (entry.name for entry in folder.iterdir() if _is_artifact(entry))


def _is_artifact(folder: Path) -> bool:
    return (folder / FILE_NAME).is_file()
