"""A window that is kept for later comparisons, since the log forgets."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from domain.errors import InvalidInput
from services.drift.sample import Sample, Samples, Source
from services.drift.window import Window

FORMAT = "armoire-drift-reference-1"


@dataclass(frozen=True, slots=True, eq=False)
class SavedReference:
    """The samples of a tenant's window."""

    tenant: str
    window: Window
    samples: Samples

    def save(self, path: Path) -> None:
        """Write a compressed file of arrays, with embeddings and labels but no photos and no ids of calls."""
        about = {
            "format": FORMAT,
            "tenant": self.tenant,
            "window": self.window.document(),
            "sources": [asdict(source) for source in self.samples],
        }
        arrays = {
            f"{number}/{each.name}": np.asarray(getattr(sample, each.name))
            for number, sample in enumerate(self.samples.values())
            for each in fields(sample)
        }
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **{"about": np.array(json.dumps(about)), **arrays})

    @classmethod
    def load(cls, path: Path) -> SavedReference:
        """Raises InvalidInput where the file is missing, damaged, or of another kind."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                about = json.loads(str(arrays["about"]))
                if about["format"] != FORMAT:
                    raise ValueError(f"its format is {about['format']!r}")
                samples = {
                    Source(**source): _sample(
                        {each.name: arrays[f"{number}/{each.name}"] for each in fields(Sample)}
                    )
                    for number, source in enumerate(about["sources"])
                }
                return cls(about["tenant"], Window.of_document(about["window"]), samples)
        except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise InvalidInput(
                "reference", f"must be a file that `save` has written, not {path}: {error}"
            ) from error


def _sample(arrays: dict[str, np.ndarray]) -> Sample:
    return Sample(units=int(arrays.pop("units")), **arrays)
