"""Probes: linear layers on embeddings, which answer attributes that words do not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.atomic_file import atomic_file
from domain.errors import ArtifactError
from domain.taxonomy import Taxonomy
from domain.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """Answers one attribute: the softmax over `factors` (V, D) times an embedding, and `offsets` (V,).

    Source: linear probes, Alain and Bengio 2016.
    """

    attribute: str
    values: tuple[str, ...]
    factors: FloatArray
    offsets: FloatArray

    def probabilities(self, embeddings: FloatArray) -> FloatArray:
        """(N, V) for (N, D) L2-normalised embeddings."""
        logits = embeddings @ self.factors.T + self.offsets
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: FloatArray = powers / powers.sum(axis=1, keepdims=True)
        return shares


class _Row(BaseModel):
    """A probe as the file has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    attribute: str
    values: tuple[str, ...]
    factors: list[list[float]]
    offsets: list[float]

    def probe(self, width: int) -> Probe:
        factors, offsets = np.array(self.factors, np.float32), np.array(self.offsets, np.float32)
        if factors.shape != (len(self.values), width) or offsets.shape != (len(self.values),):
            raise ArtifactError(f"the probe {self.attribute!r} has not {len(self.values)} x {width} factors")
        return Probe(self.attribute, self.values, factors, offsets)


def read_probes(path: Path, width: int) -> tuple[Probe, ...]:
    """The probes of a file, for embeddings of that width. Raises ArtifactError where they are for others."""
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_Row.model_validate(row).probe(width) for row in rows)
    except (OSError, ValueError, ValidationError) as error:
        raise ArtifactError(f"{path} has no probes that can be read") from error


def fitting(probes: Iterable[Probe], taxonomy: Taxonomy) -> tuple[Probe, ...]:
    """Those whose attribute the taxonomy has, with all of their values."""
    known = {each.name: set(each.values) for each in taxonomy.attributes}
    return tuple(each for each in probes if known.get(each.attribute, set()).issuperset(each.values))


def write_probes(path: Path, probes: Sequence[Probe]) -> None:
    """Write them with four digits after the point."""
    rows = [
        {
            "attribute": probe.attribute,
            "values": probe.values,
            "factors": np.round(probe.factors.astype(np.float64), 4).tolist(),
            "offsets": np.round(probe.offsets.astype(np.float64), 4).tolist(),
        }
        for probe in probes
    ]
    with atomic_file(path) as file:
        file.write((json.dumps(rows) + "\n").encode())
